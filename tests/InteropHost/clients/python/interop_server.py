"""Serves gRPC's interoperability tests by grpcio on a free port, which it prints, until its standard input ends.

Usage: interop_server.py DESCRIPTOR_SET
"""

import sys
import time
from concurrent import futures

import grpc

from messages import Protocol

protocol = Protocol(sys.argv[1])
SimpleResponse = protocol.message("grpc.testing.SimpleResponse")
OutputResponse = protocol.message("grpc.testing.StreamingOutputCallResponse")
InputResponse = protocol.message("grpc.testing.StreamingInputCallResponse")
Empty = protocol.message("grpc.testing.Empty")


def echo_metadata(context):
    received = dict(context.invocation_metadata())
    if "x-grpc-test-echo-initial" in received:
        context.send_initial_metadata((("x-grpc-test-echo-initial", received["x-grpc-test-echo-initial"]),))
    if "x-grpc-test-echo-trailing-bin" in received:
        context.set_trailing_metadata((("x-grpc-test-echo-trailing-bin", received["x-grpc-test-echo-trailing-bin"]),))


def abort_if_asked(status, context):
    if status.code != 0:
        code = next(code for code in grpc.StatusCode if code.value[0] == status.code)
        context.abort(code, status.message)


def empty_call(request, context):
    return Empty()


def unary_call(request, context):
    if request.HasField("response_compressed") and request.response_compressed.value:
        context.set_compression(grpc.Compression.Gzip)
    echo_metadata(context)
    abort_if_asked(request.response_status, context)
    return SimpleResponse(payload={"body": bytes(request.response_size)})


def answers(request, context):
    for parameters in request.response_parameters:
        if parameters.interval_us:
            time.sleep(parameters.interval_us / 1e6)
        if not parameters.compressed.value:
            context.disable_next_message_compression()
        yield OutputResponse(payload={"body": bytes(parameters.size)})


def output_call(request, context):
    if any(parameters.compressed.value for parameters in request.response_parameters):
        context.set_compression(grpc.Compression.Gzip)
    yield from answers(request, context)


def input_call(requests, context):
    return InputResponse(aggregated_payload_size=sum(len(request.payload.body) for request in requests))


def duplex_call(requests, context):
    echo_metadata(context)
    for request in requests:
        abort_if_asked(request.response_status, context)
        yield from answers(request, context)


METHODS = {
    "EmptyCall": empty_call,
    "UnaryCall": unary_call,
    "StreamingOutputCall": output_call,
    "StreamingInputCall": input_call,
    "FullDuplexCall": duplex_call,
}


def handler(name, behaviour):
    _, client_streams, server_streams, request, response = protocol.method("grpc.testing.TestService." + name)
    shape = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }[client_streams, server_streams]
    return shape(behaviour, request_deserializer=request.FromString, response_serializer=response.SerializeToString)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
handlers = {name: handler(name, behaviour) for name, behaviour in METHODS.items()}
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("grpc.testing.TestService", handlers),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
sys.stdin.read()
server.stop(None).wait()
