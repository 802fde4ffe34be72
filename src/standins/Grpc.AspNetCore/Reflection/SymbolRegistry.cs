using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>Finds files by their name and by the symbols that they define. Immutable.</summary>
public class SymbolRegistry
{
    private readonly Dictionary<string, FileDescriptor> _filesByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _filesBySymbol = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensions = new(StringComparer.Ordinal);

    private SymbolRegistry() { }

    /// <summary>A registry of the files and all that they import.</summary>
    public static SymbolRegistry FromFiles(IEnumerable<FileDescriptor> fileDescriptors)
    {
        ArgumentNullException.ThrowIfNull(fileDescriptors);
        var registry = new SymbolRegistry();
        foreach (var file in fileDescriptors) registry.Add(file);
        return registry;
    }

    /// <summary>The file of that name, or null.</summary>
    public FileDescriptor? FileByName(string filename) => _filesByName.GetValueOrDefault(filename);

    /// <summary>The file that defines the symbol of that full name, or null.</summary>
    public FileDescriptor? FileContainingSymbol(string symbol) => _filesBySymbol.GetValueOrDefault(symbol);

    /// <summary>Whether a message of that full name is known.</summary>
    internal bool KnowsMessage(string name) =>
        _filesBySymbol.TryGetValue(name, out var file) && Messages(file.MessageTypes).Any(message => message.FullName == name);

    /// <summary>The known extensions of a message, by number, with the files that define them.</summary>
    internal IReadOnlyDictionary<int, FileDescriptor> ExtensionsOf(string message) =>
        _extensions.GetValueOrDefault(message) ?? [];

    private static IEnumerable<MessageDescriptor> Messages(IEnumerable<MessageDescriptor> types) =>
        types.SelectMany(type => Messages(type.NestedTypes).Prepend(type));

    private void Add(FileDescriptor file)
    {
        if (!_filesByName.TryAdd(file.Name, file)) return;
        foreach (var import in file.Dependencies) Add(import);
        foreach (var message in file.MessageTypes) Add(message);
        foreach (var type in file.EnumTypes) Add(type);
        foreach (var service in file.Services)
        {
            _filesBySymbol[service.FullName] = file;
            foreach (var method in service.Methods) _filesBySymbol[method.FullName] = file;
        }

        Add(file.Extensions, file);
    }

    private void Add(MessageDescriptor message)
    {
        _filesBySymbol[message.FullName] = message.File;
        foreach (var field in message.Fields.InDeclarationOrder()) _filesBySymbol[field.FullName] = message.File;
        foreach (var oneof in message.Oneofs) _filesBySymbol[oneof.FullName] = message.File;
        foreach (var nested in message.NestedTypes) Add(nested);
        foreach (var type in message.EnumTypes) Add(type);
        Add(message.Extensions, message.File);
    }

    private void Add(EnumDescriptor type)
    {
        _filesBySymbol[type.FullName] = type.File;
        foreach (var value in type.Values) _filesBySymbol[value.FullName] = type.File;
    }

    private void Add(ExtensionCollection? extensions, FileDescriptor file)
    {
        foreach (var extension in extensions?.UnorderedExtensions ?? [])
        {
            _filesBySymbol[extension.FullName] = file;
            var extended = extension.ExtendeeType.FullName;
            if (!_extensions.TryGetValue(extended, out var numbers)) _extensions.Add(extended, numbers = []);
            numbers[extension.FieldNumber] = file;
        }
    }
}
