"""Asks one question with grpcio and prints one JSON object: the status and, if it is OK, the answer.

usage: python3 client.py CONTRACT ADDRESS IMAGE QUESTION DEADLINE_MILLISECONDS
CONTRACT is protos/ as protoc --include_imports --descriptor_set_out writes it.
"""
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, message_factory

contract, address, image, question, deadline = sys.argv[1:]
with open(contract, "rb") as file:
    messages = message_factory.GetMessages(descriptor_pb2.FileDescriptorSet.FromString(file.read()).file)
GenerateRequest = messages["m3.adaptive.v1.GenerateRequest"]
GenerateResponse = messages["m3.adaptive.v1.GenerateResponse"]

request = GenerateRequest(question=question)
with open(image, "rb") as file:
    request.image.data = file.read()
request.decoding.max_new_tokens = 8

with grpc.insecure_channel(address) as channel:
    generate = channel.unary_unary(
        "/m3.adaptive.v1.AdaptiveService/Generate",
        request_serializer=GenerateRequest.SerializeToString,
        response_deserializer=GenerateResponse.FromString,
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
