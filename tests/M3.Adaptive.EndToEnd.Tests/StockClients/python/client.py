"""Makes calls with grpcio, one after the other, and prints one JSON array: how each ended and, if that is OK, its answer.

usage: python3 client.py CONTRACT ADDRESS CALLS
CONTRACT is protos/ as protoc --include_imports --descriptor_set_out writes it, CALLS a JSON array as StockCall.cs describes it.
"""
import json
import sys
import threading

import grpc
from google.protobuf import descriptor_pb2, message_factory

contract, address, calls = sys.argv[1:]
with open(contract, "rb") as file:
    messages = message_factory.GetMessages(descriptor_pb2.FileDescriptorSet.FromString(file.read()).file)
GenerateRequest = messages["m3.adaptive.v1.GenerateRequest"]
GenerateResponse = messages["m3.adaptive.v1.GenerateResponse"]


def request_bytes(call):
    with open(call["image"], "rb") as file:
        content = file.read()
    if call["raw"]:
        return content
    request = GenerateRequest(question="what is it", image={"data": content}, decoding={"max_new_tokens": call["newTokens"]})
    return request.SerializeToString()


def violations(trailers):
    status = messages["google.rpc.Status"].FromString(trailers.get("grpc-status-details-bin", b""))
    faults = [messages["google.rpc.BadRequest"].FromString(detail.value) for detail in status.details if detail.type_url.endswith("/google.rpc.BadRequest")]
    return [violation.field for fault in faults for violation in fault.field_violations]


def ended(call, **answer):
    trailers = dict(call.trailing_metadata())
    return {"code": call.code().name, "details": call.details(), "trailers": list(trailers), "violations": violations(trailers), **answer}


def generate(channel, call):
    method = channel.unary_unary("/m3.adaptive.v1.AdaptiveService/Generate", response_deserializer=GenerateResponse.FromString)
    compression = grpc.Compression.Gzip if call["gzip"] else None
    running = method.future(request_bytes(call), timeout=call["deadline"] / 1000, compression=compression)
    if call["cancelAfter"] is not None:
        threading.Timer(call["cancelAfter"] / 1000, running.cancel).start()
    try:
        reply = running.result()
    except (grpc.RpcError, grpc.FutureCancelledError):
        return ended(running)
    return ended(running, text=reply.text, scales=[step.scale for step in reply.path], charged=reply.charged.visual_tokens)


with grpc.insecure_channel(address) as channel:
    print(json.dumps([generate(channel, call) for call in json.loads(calls)]))
