"""Knows no contract: asks the service for it by gRPC's reflection, calls it, and prints one JSON object of what came back.

usage: python3 reflect.py ADDRESS PICTURE
"""
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, message_factory

address, picture = sys.argv[1:]
TYPE = descriptor_pb2.FieldDescriptorProto


def field(name, number, kind, label=TYPE.LABEL_OPTIONAL, of=None):
    return TYPE(name=name, number=number, type=kind, label=label, type_name=of)


# What is needed of gRPC's own reflection.proto.
PACKAGE = "grpc.reflection.v1"
reflection = message_factory.GetMessages([descriptor_pb2.FileDescriptorProto(
    name="reflection.proto", package=PACKAGE, syntax="proto3", message_type=[
        descriptor_pb2.DescriptorProto(name="ServerReflectionRequest", field=[field("file_containing_symbol", 4, TYPE.TYPE_STRING)]),
        descriptor_pb2.DescriptorProto(name="FileDescriptorResponse", field=[field("file_descriptor_proto", 1, TYPE.TYPE_BYTES, TYPE.LABEL_REPEATED)]),
        descriptor_pb2.DescriptorProto(name="ServerReflectionResponse", field=[
            field("file_descriptor_response", 4, TYPE.TYPE_MESSAGE, of=f".{PACKAGE}.FileDescriptorResponse")]),
    ])])


def files_of(channel, symbols):
    ask = channel.stream_stream(
        f"/{PACKAGE}.ServerReflection/ServerReflectionInfo",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=reflection[f"{PACKAGE}.ServerReflectionResponse"].FromString)
    request = reflection[f"{PACKAGE}.ServerReflectionRequest"]
    replies = ask(iter([request(file_containing_symbol=symbol) for symbol in symbols]), timeout=30)
    found = [descriptor_pb2.FileDescriptorProto.FromString(file) for reply in replies for file in reply.file_descriptor_response.file_descriptor_proto]
    return list({file.name: file for file in found}.values())


def call(channel, kind, service, method, request, reply):
    return getattr(channel, kind)(
        f"/{service}/{method}", request_serializer=lambda message: message.SerializeToString(), response_deserializer=reply.FromString)(request, timeout=30)


with grpc.insecure_channel(address) as channel:
    service, models = "m3.adaptive.v1.AdaptiveService", "m3.adaptive.v1.Models"
    messages = message_factory.GetMessages(files_of(channel, [service, models]))
    of = lambda name: messages[f"m3.adaptive.v1.{name}"]
    model = call(channel, "unary_unary", models, "Get", of("GetModelRequest")(), of("Model"))
    with open(picture, "rb") as file:
        request = of("GenerateRequest")(question="what is it", image={"data": file.read()}, decoding={"max_new_tokens": 12})
    parts = list(call(channel, "unary_stream", service, "GenerateStream", request, of("GenerateStreamResponse")))
    print(json.dumps({
        "scales": [rung.scale for rung in model.ladder],
        "text": "".join(part.text for part in parts),
        "end": parts[-1].end.text,
        "path": [step.scale for step in parts[-1].end.path],
    }))
