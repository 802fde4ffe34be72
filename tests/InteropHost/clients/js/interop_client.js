// Runs gRPC's interoperability tests by @grpc/grpc-js and prints one JSON object per case.
// Usage: node interop_client.js HOST:PORT PROTO_ROOT
'use strict';

const assert = require('assert');
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, protoRoot] = process.argv.slice(2);
const definition = loader.loadSync(path.join(protoRoot, 'grpc/testing/test.proto'), {
  includeDirs: [protoRoot], keepCase: true, defaults: true, enums: Number,
});
const testing = grpc.loadPackageDefinition(definition).grpc.testing;
const insecure = grpc.credentials.createInsecure();
const client = new testing.TestService(address, insecure);
const gzipClient = new testing.TestService(address, insecure, {
  'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
});
const unknown = new testing.UnimplementedService(address, insecure);

const LIMIT_MS = 20000;
const NO_COMPRESS = 2; // the write flag; the package does not export it
const SPECIAL = '\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \u{1F608}\t\n';
const payload = (size) => ({ body: Buffer.alloc(size) });
const deadline = (ms) => ({ deadline: Date.now() + ms });

// A unary call: the answer, with its headers and status.
function unary(target, method, request, metadata = new grpc.Metadata(), options = deadline(LIMIT_MS)) {
  return new Promise((resolve, reject) => {
    const seen = {};
    const call = target[method](request, metadata, options, (error, response) => {
      if (error) reject(error);
      else seen.response = response;
    });
    call.on('metadata', (headers) => { seen.headers = headers; });
    call.on('status', (status) => { seen.status = status; if (status.code === grpc.status.OK) resolve(seen); });
  });
}

// All messages of a stream, then its status; never rejects.
function drain(call) {
  return new Promise((resolve) => {
    const seen = { sizes: [], bodies: [] };
    call.on('metadata', (headers) => { seen.headers = headers; });
    call.on('data', (message) => {
      seen.sizes.push(message.payload.body.length);
      if (seen.onMessage) seen.onMessage(message);
    });
    call.on('error', () => {});
    call.on('status', (status) => { seen.status = status; resolve(seen); });
    call.seen = seen;
  });
}

async function fails(promise, code, details) {
  await assert.rejects(promise, (error) => {
    assert.strictEqual(error.code, code);
    if (details !== undefined) assert.strictEqual(error.details, details);
    return true;
  });
}

function uploads(target, messages) {
  return new Promise((resolve, reject) => {
    const call = target.StreamingInputCall(new grpc.Metadata(), deadline(LIMIT_MS), (error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
    const send = ({ message, plain }) => new Promise((sent) => {
      if (plain) call.call.sendMessageWithContext({ flags: NO_COMPRESS, callback: sent }, message);
      else call.write(message, sent);
    });
    (async () => {
      for (const message of messages) await send(message);
      call.end();
    })().catch(reject);
  });
}

const cases = {
  async empty_unary() {
    assert.deepStrictEqual((await unary(client, 'EmptyCall', {})).response, {});
  },

  async large_unary() {
    const { response } = await unary(client, 'UnaryCall', { response_size: 314159, payload: payload(271828) });
    assert.strictEqual(response.payload.body.length, 314159);
  },

  async client_streaming() {
    const sizes = [27182, 8, 1828, 45904];
    const response = await uploads(client, sizes.map((size) => ({ message: { payload: payload(size) } })));
    assert.strictEqual(response.aggregated_payload_size, 74922);
  },

  async server_streaming() {
    const sizes = [31415, 9, 2653, 58979];
    const seen = await drain(client.StreamingOutputCall({ response_parameters: sizes.map((size) => ({ size })) }, deadline(LIMIT_MS)));
    assert.deepStrictEqual(seen.sizes, sizes);
    assert.strictEqual(seen.status.code, grpc.status.OK);
  },

  async ping_pong() {
    const requests = [27182, 8, 1828, 45904];
    const answers = [31415, 9, 2653, 58979];
    const call = client.FullDuplexCall(deadline(LIMIT_MS));
    const done = drain(call);
    const send = (i) => call.write({ response_parameters: [{ size: answers[i] }], payload: payload(requests[i]) });
    let next = 0;
    call.seen.onMessage = () => {
      next++;
      if (next < answers.length) send(next);
      else call.end();
    };
    send(0);
    const seen = await done;
    assert.deepStrictEqual(seen.sizes, answers);
    assert.strictEqual(seen.status.code, grpc.status.OK);
  },

  async empty_stream() {
    const call = client.FullDuplexCall(deadline(LIMIT_MS));
    const done = drain(call);
    call.end();
    const seen = await done;
    assert.deepStrictEqual(seen.sizes, []);
    assert.strictEqual(seen.status.code, grpc.status.OK);
  },

  async timeout_on_sleeping_server() {
    const call = client.FullDuplexCall(deadline(1));
    const done = drain(call);
    call.write({ payload: payload(27182) });
    assert.strictEqual((await done).status.code, grpc.status.DEADLINE_EXCEEDED);
  },

  async cancel_after_begin() {
    await fails(new Promise((resolve, reject) => {
      const call = client.StreamingInputCall(deadline(LIMIT_MS), (error, response) => (error ? reject(error) : resolve(response)));
      call.cancel();
    }), grpc.status.CANCELLED);
  },

  async cancel_after_first_response() {
    const call = client.FullDuplexCall(deadline(LIMIT_MS));
    const done = drain(call);
    call.seen.onMessage = () => call.cancel();
    call.write({ response_parameters: [{ size: 31415 }], payload: payload(27182) });
    const seen = await done;
    assert.deepStrictEqual(seen.sizes, [31415]);
    assert.strictEqual(seen.status.code, grpc.status.CANCELLED);
  },

  async status_code_and_message() {
    const response_status = { code: 2, message: 'test status message' };
    await fails(unary(client, 'UnaryCall', { response_status }), 2, response_status.message);
    const call = client.FullDuplexCall(deadline(LIMIT_MS));
    const done = drain(call);
    call.write({ response_status });
    call.end();
    const { status } = await done;
    assert.deepStrictEqual([status.code, status.details], [2, response_status.message]);
  },

  async special_status_message() {
    await fails(unary(client, 'UnaryCall', { response_status: { code: 2, message: SPECIAL } }), 2, SPECIAL);
  },

  async unimplemented_method() {
    await fails(unary(client, 'UnimplementedCall', {}), grpc.status.UNIMPLEMENTED);
  },

  async unimplemented_service() {
    await fails(unary(unknown, 'UnimplementedCall', {}), grpc.status.UNIMPLEMENTED);
  },

  async custom_metadata() {
    const trailing = Buffer.from([0xab, 0xab, 0xab]);
    const metadata = new grpc.Metadata();
    metadata.set('x-grpc-test-echo-initial', 'test_initial_metadata_value');
    metadata.set('x-grpc-test-echo-trailing-bin', trailing);
    const check = (seen) => {
      assert.deepStrictEqual(seen.headers.get('x-grpc-test-echo-initial'), ['test_initial_metadata_value']);
      assert.deepStrictEqual(seen.status.metadata.get('x-grpc-test-echo-trailing-bin'), [trailing]);
    };
    check(await unary(client, 'UnaryCall', { response_size: 314159, payload: payload(271828) }, metadata));
    const call = client.FullDuplexCall(metadata, deadline(LIMIT_MS));
    const done = drain(call);
    call.write({ response_parameters: [{ size: 314159 }], payload: payload(271828) });
    call.end();
    check(await done);
  },

  async client_compressed_unary() {
    const request = { response_size: 314159, payload: payload(271828) };
    const expecting = (value) => ({ ...request, expect_compressed: { value } });
    await fails(unary(client, 'UnaryCall', expecting(true)), grpc.status.INVALID_ARGUMENT);
    assert.strictEqual((await unary(gzipClient, 'UnaryCall', expecting(true))).response.payload.body.length, 314159);
    assert.strictEqual((await unary(client, 'UnaryCall', expecting(false))).response.payload.body.length, 314159);
  },

  async server_compressed_unary() {
    for (const value of [true, false]) {
      const { response } = await unary(client, 'UnaryCall', { response_compressed: { value }, response_size: 314159, payload: payload(271828) });
      assert.strictEqual(response.payload.body.length, 314159);
    }
  },

  async client_compressed_streaming() {
    const first = { expect_compressed: { value: true }, payload: payload(27182) };
    const second = { expect_compressed: { value: false }, payload: payload(45904) };
    await fails(uploads(gzipClient, [{ message: first, plain: true }]), grpc.status.INVALID_ARGUMENT);
    const response = await uploads(gzipClient, [{ message: first }, { message: second, plain: true }]);
    assert.strictEqual(response.aggregated_payload_size, 73086);
  },

  async server_compressed_streaming() {
    const response_parameters = [{ compressed: { value: true }, size: 31415 }, { compressed: { value: false }, size: 92653 }];
    const seen = await drain(client.StreamingOutputCall({ response_parameters }, deadline(LIMIT_MS)));
    assert.deepStrictEqual(seen.sizes, [31415, 92653]);
    assert.strictEqual(seen.status.code, grpc.status.OK);
  },
};

(async () => {
  for (const [name, run] of Object.entries(cases)) {
    let error = null;
    try {
      await run();
    } catch (thrown) {
      error = String(thrown && thrown.stack ? thrown.stack : thrown);
    }
    console.log(JSON.stringify({ name, ok: error === null, error }));
  }
  process.exit(0); // without waiting for the deadlines of calls that are over
})();
