// Makes calls with grpc-js, one after the other, and prints one JSON array: how each ended and, if that is OK, its answer.
// usage: node client.js PROTOS ADDRESS CALLS, the last a JSON array as StockCall.cs describes it.
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [protos, address, calls] = process.argv.slice(2);
const definition = loader.loadSync('m3/adaptive/v1/adaptive_service.proto', { includeDirs: [protos], keepCase: true, longs: Number, enums: String });
const { Generate: method } = grpc.loadPackageDefinition(definition).m3.adaptive.v1.AdaptiveService.service;

function requestBytes(call) {
  const content = fs.readFileSync(call.image);
  return call.raw
    ? content
    : method.requestSerialize({ image: { data: content }, question: 'what is it', decoding: { max_new_tokens: call.newTokens } });
}

function generate(client, call) {
  return new Promise(resolve => {
    let reply;
    const running = client.makeUnaryRequest(
      method.path, bytes => bytes, method.responseDeserialize, requestBytes(call),
      { deadline: Date.now() + call.deadline }, (_, answer) => { reply = answer; });
    if (call.cancelAfter !== null) setTimeout(() => running.cancel(), call.cancelAfter);
    running.on('status', status => resolve({
      code: grpc.status[status.code],
      details: status.details,
      trailers: Object.keys(status.metadata.getMap()),
      ...reply && { text: reply.text, scales: reply.path.map(step => step.scale), charged: reply.charged.visual_tokens },
    }));
  });
}

(async () => {
  const outcomes = [];
  for (const call of JSON.parse(calls)) {
    const compression = call.gzip ? { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip } : {};
    const client = new grpc.Client(address, grpc.credentials.createInsecure(), compression);
    outcomes.push(await generate(client, call));
    client.close();
  }
  console.log(JSON.stringify(outcomes));
})();
