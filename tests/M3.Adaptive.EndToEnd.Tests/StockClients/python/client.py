"""Asks one question with grpcio and prints one JSON object: the status and, if it is OK, the answer.

usage: python3 client.py STUBS ADDRESS IMAGE QUESTION DEADLINE_MILLISECONDS
STUBS is a folder with the messages that protoc generates from protos/.
"""
import json
import sys

import grpc

stubs, address, image, question, deadline = sys.argv[1:]
sys.path.insert(0, stubs)
from m3.adaptive.v1 import generate_pb2  # noqa: E402

request = generate_pb2.GenerateRequest(question=question)
with open(image, "rb") as file:
    request.image.data = file.read()
request.decoding.max_new_tokens = 8

with grpc.insecure_channel(address) as channel:
    generate = channel.unary_unary(
        "/m3.adaptive.v1.AdaptiveService/Generate",
        request_serializer=generate_pb2.GenerateRequest.SerializeToString,
        response_deserializer=generate_pb2.GenerateResponse.FromString,
    )
    try:
        reply = generate(request, timeout=float(deadline) / 1000)
        outcome = {
            "code": "OK",
            "text": reply.text,
            "scales": [step.scale for step in reply.path],
            "charged": reply.charged.visual_tokens,
        }
    except grpc.RpcError as error:
        outcome = {"code": error.code().name, "details": error.details()}
print(json.dumps(outcome))
