"""Message classes and methods made from a serialized FileDescriptorSet: no generated code is needed."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


class Protocol:
    """Everything that a descriptor set describes, by full name."""

    def __init__(self, path):
        self.pool = descriptor_pool.DescriptorPool()
        files = descriptor_pb2.FileDescriptorSet()
        with open(path, "rb") as file:
            files.ParseFromString(file.read())
        for file in files.file:
            self.pool.Add(file)
        self._factory = message_factory.MessageFactory(self.pool)

    def message(self, name):
        """The class of a message."""
        return self._factory.GetPrototype(self.pool.FindMessageTypeByName(name))

    def method(self, name):
        """Path, shape and message classes of a method given as package.Service.Method."""
        method = self.pool.FindMethodByName(name)
        described = descriptor_pb2.MethodDescriptorProto()
        method.CopyToProto(described)
        return (
            f"/{method.containing_service.full_name}/{method.name}",
            described.client_streaming,
            described.server_streaming,
            self.message(method.input_type.full_name),
            self.message(method.output_type.full_name),
        )
