// Asks one question with grpc-js and prints one JSON object: the status and, if it is OK, the answer.
// usage: node client.js PROTOS ADDRESS IMAGE QUESTION DEADLINE_MILLISECONDS
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [protos, address, image, question, deadline] = process.argv.slice(2);
const definition = loader.loadSync('m3/adaptive/v1/adaptive_service.proto', { includeDirs: [protos], keepCase: true, longs: Number, enums: String });
const { AdaptiveService } = grpc.loadPackageDefinition(definition).m3.adaptive.v1;

const client = new AdaptiveService(address, grpc.credentials.createInsecure());
const request = { image: { data: fs.readFileSync(image) }, question, decoding: { max_new_tokens: 8 } };
client.generate(request, { deadline: Date.now() + Number(deadline) }, (error, reply) => {
  console.log(JSON.stringify(error
    ? { code: grpc.status[error.code], details: error.details }
    : { code: 'OK', text: reply.text, scales: reply.path.map(step => step.scale), charged: reply.charged.visual_tokens }));
  client.close();
});
