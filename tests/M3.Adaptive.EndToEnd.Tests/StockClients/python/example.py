"""Runs an example that uses what protoc generates; the modules are made here at run time, from the contract itself.

usage: python3 example.py CONTRACT CODE
CONTRACT is protos/ as protoc --include_imports --descriptor_set_out writes it, CODE the file with the example.
"""
import sys
import types

from google.protobuf import descriptor_pb2, message_factory

contract, code = sys.argv[1:]
with open(contract, "rb") as file:
    files = descriptor_pb2.FileDescriptorSet.FromString(file.read()).file
messages = message_factory.GetMessages(files)


def module(name):
    if name not in sys.modules:
        sys.modules[name] = types.ModuleType(name)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(module(parent), child, sys.modules[name])
    return sys.modules[name]


def stub(package, service):
    def connect(self, channel):
        for method in service.method:
            kind = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
            setattr(self, method.name, getattr(channel, kind)(
                f"/{package}.{service.name}/{method.name}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=messages[method.output_type[1:]].FromString))

    return type(f"{service.name}Stub", (), {"__init__": connect})


for file in files:
    if file.name.startswith("google/protobuf/"):
        continue
    name = file.name.removesuffix(".proto").replace("/", ".")
    generated = module(f"{name}_pb2")
    for message in file.message_type:
        setattr(generated, message.name, messages[f"{file.package}.{message.name}"])
    for enum in file.enum_type:
        for value in enum.value:
            setattr(generated, value.name, value.number)
    for service in file.service:
        setattr(module(f"{name}_pb2_grpc"), f"{service.name}Stub", stub(file.package, service))

with open(code, encoding="utf-8") as file:
    exec(compile(file.read(), code, "exec"), {"__name__": "__main__"})
