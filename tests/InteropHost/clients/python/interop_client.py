"""Runs gRPC's interoperability tests by grpcio and prints one JSON object per case.

Usage: interop_client.py HOST:PORT DESCRIPTOR_SET
"""

import json
import queue
import sys
import traceback

import grpc

from messages import Protocol

LIMIT = 20
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"

address, descriptors = sys.argv[1:]
protocol = Protocol(descriptors)
channel = grpc.insecure_channel(address)

Simple = protocol.message("grpc.testing.SimpleRequest")
Output = protocol.message("grpc.testing.StreamingOutputCallRequest")
Input = protocol.message("grpc.testing.StreamingInputCallRequest")
Empty = protocol.message("grpc.testing.Empty")


def stub(name):
    path, client_streams, server_streams, request, response = protocol.method("grpc.testing." + name)
    shape = {
        (False, False): channel.unary_unary,
        (False, True): channel.unary_stream,
        (True, False): channel.stream_unary,
        (True, True): channel.stream_stream,
    }[client_streams, server_streams]
    return shape(path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


empty_call = stub("TestService.EmptyCall")
unary_call = stub("TestService.UnaryCall")
output_call = stub("TestService.StreamingOutputCall")
input_call = stub("TestService.StreamingInputCall")
duplex_call = stub("TestService.FullDuplexCall")


def large(**fields):
    return Simple(response_size=314159, payload={"body": bytes(271828)}, **fields)


def sized(size, body=b"", **fields):
    return Output(response_parameters=[dict(size=size, **fields)], payload={"body": body})


def fails(code, call, details=None):
    """Asserts the status that a call, or the reading of its stream, ends with."""
    try:
        result = call()
        if hasattr(result, "__iter__"):
            list(result)
    except grpc.RpcError as error:
        assert error.code() == code, (error.code(), error.details())
        assert details is None or error.details() == details, error.details()
        return
    raise AssertionError(f"expected {code}")


class Requests:
    """A request stream that is fed while the call runs."""

    END = object()

    def __init__(self):
        self._queue = queue.Queue()

    def __iter__(self):
        return iter(self._queue.get, self.END)

    def send(self, message):
        self._queue.put(message)

    def end(self):
        self._queue.put(self.END)


def empty_unary():
    assert empty_call(Empty(), timeout=LIMIT) is not None


def large_unary():
    assert len(unary_call(large(), timeout=LIMIT).payload.body) == 314159


def client_streaming():
    requests = (Input(payload={"body": bytes(size)}) for size in (27182, 8, 1828, 45904))
    assert input_call(requests, timeout=LIMIT).aggregated_payload_size == 74922


def server_streaming():
    sizes = [31415, 9, 2653, 58979]
    request = Output(response_parameters=[{"size": size} for size in sizes])
    assert [len(answer.payload.body) for answer in output_call(request, timeout=LIMIT)] == sizes


def ping_pong():
    requests = Requests()
    answers = duplex_call(iter(requests), timeout=LIMIT)
    for sent, wanted in ((27182, 31415), (8, 9), (1828, 2653), (45904, 58979)):
        requests.send(sized(wanted, bytes(sent)))
        assert len(next(answers).payload.body) == wanted
    requests.end()
    assert list(answers) == []
    assert answers.code() == grpc.StatusCode.OK


def empty_stream():
    assert list(duplex_call(iter(()), timeout=LIMIT)) == []


def timeout_on_sleeping_server():
    requests = Requests()
    requests.send(Output(payload={"body": bytes(27182)}))
    fails(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: duplex_call(iter(requests), timeout=0.001))
    requests.end()


def cancel_after_begin():
    requests = Requests()
    call = input_call.future(iter(requests), timeout=LIMIT)
    call.cancel()
    requests.end()
    assert call.cancelled() and call.code() == grpc.StatusCode.CANCELLED


def cancel_after_first_response():
    requests = Requests()
    answers = duplex_call(iter(requests), timeout=LIMIT)
    requests.send(sized(31415, bytes(27182)))
    assert len(next(answers).payload.body) == 31415
    answers.cancel()
    fails(grpc.StatusCode.CANCELLED, lambda: answers)
    requests.end()


def status_code_and_message():
    status = {"code": 2, "message": "test status message"}
    fails(grpc.StatusCode.UNKNOWN, lambda: unary_call(Simple(response_status=status), timeout=LIMIT), status["message"])
    fails(grpc.StatusCode.UNKNOWN, lambda: duplex_call(iter([Output(response_status=status)]), timeout=LIMIT), status["message"])


def special_status_message():
    request = Simple(response_status={"code": 2, "message": SPECIAL})
    fails(grpc.StatusCode.UNKNOWN, lambda: unary_call(request, timeout=LIMIT), SPECIAL)


def unimplemented_method():
    fails(grpc.StatusCode.UNIMPLEMENTED, lambda: stub("TestService.UnimplementedCall")(Empty(), timeout=LIMIT))


def unimplemented_service():
    fails(grpc.StatusCode.UNIMPLEMENTED, lambda: stub("UnimplementedService.UnimplementedCall")(Empty(), timeout=LIMIT))


def custom_metadata():
    initial = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
    trailing = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")

    def check(call):
        assert initial in [tuple(pair) for pair in call.initial_metadata()], call.initial_metadata()
        assert trailing in [tuple(pair) for pair in call.trailing_metadata()], call.trailing_metadata()

    _, call = unary_call.with_call(large(), metadata=(initial, trailing), timeout=LIMIT)
    check(call)
    call = duplex_call(iter([sized(314159, bytes(271828))]), metadata=(initial, trailing), timeout=LIMIT)
    assert len(list(call)) == 1
    check(call)


def client_compressed_unary():
    expecting = large(expect_compressed={"value": True})
    fails(grpc.StatusCode.INVALID_ARGUMENT, lambda: unary_call(expecting, timeout=LIMIT))
    assert len(unary_call(expecting, compression=grpc.Compression.Gzip, timeout=LIMIT).payload.body) == 314159
    plain = large(expect_compressed={"value": False})
    assert len(unary_call(plain, timeout=LIMIT).payload.body) == 314159


def server_compressed_unary():
    for value in (True, False):
        assert len(unary_call(large(response_compressed={"value": value}), timeout=LIMIT).payload.body) == 314159


def client_compressed_streaming():
    # grpcio compresses a whole call or nothing: the plain message goes in a call of its own.
    def request(size, compressed):
        return iter([Input(expect_compressed={"value": compressed}, payload={"body": bytes(size)})])

    fails(grpc.StatusCode.INVALID_ARGUMENT, lambda: input_call(request(27182, True), timeout=LIMIT))
    answer = input_call(request(27182, True), compression=grpc.Compression.Gzip, timeout=LIMIT)
    assert answer.aggregated_payload_size == 27182
    assert input_call(request(45904, False), timeout=LIMIT).aggregated_payload_size == 45904


def server_compressed_streaming():
    request = Output(
        response_parameters=[
            {"compressed": {"value": True}, "size": 31415},
            {"compressed": {"value": False}, "size": 92653},
        ]
    )
    assert [len(answer.payload.body) for answer in output_call(request, timeout=LIMIT)] == [31415, 92653]


CASES = [
    empty_unary, large_unary, client_streaming, server_streaming, ping_pong, empty_stream, timeout_on_sleeping_server,
    cancel_after_begin, cancel_after_first_response, status_code_and_message, special_status_message, unimplemented_method,
    unimplemented_service, custom_metadata, client_compressed_unary, server_compressed_unary, client_compressed_streaming,
    server_compressed_streaming,
]

for case in CASES:
    error = None
    try:
        case()
    except Exception:  # a failed case must not hide the others
        error = traceback.format_exc()
    print(json.dumps({"name": case.__name__, "ok": error is None, "error": error}), flush=True)
