using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using M3.Adaptive.Contracts.V1;
using Xunit;

namespace M3.Adaptive.Contracts.Tests;

/// <summary>What may never change within v1, and the rules that new parts follow.</summary>
public sealed class ContractTests
{
    private static readonly FileDescriptor[] Files =
    [
        GenerateReflection.Descriptor, GenerateStreamReflection.Descriptor, GenerateBatchReflection.Descriptor, BudgetReflection.Descriptor,
        BudgetsReflection.Descriptor, KeysReflection.Descriptor, PredictorsReflection.Descriptor, ModelsReflection.Descriptor, OutcomesReflection.Descriptor, ImageReflection.Descriptor, OutcomeReflection.Descriptor,
        RouteReflection.Descriptor, RoutingReflection.Descriptor, StatusReflection.Descriptor, AdaptiveServiceReflection.Descriptor,
    ];

    private static string[] Committed => Resource("contract.v1.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<MessageDescriptor> Messages => Files.SelectMany(file => file.MessageTypes);

    private static IEnumerable<EnumDescriptor> Enums => Files.SelectMany(file => file.EnumTypes);

    [Fact]
    public void Contract_EveryCommittedLine_IsStillThere()
    {
        var lost = Committed.Except(Describe());

        Assert.Equal([], lost);
    }

    [Fact]
    public void Contract_EveryLine_IsCommitted()
    {
        var uncommitted = Describe().Except(Committed);

        Assert.Equal([], uncommitted);
    }

    [Fact]
    public void Enums_ZeroValue_IsUnspecifiedAndValuesCarryTheTypesPrefix()
    {
        Assert.All(Enums, type =>
        {
            var prefix = UpperSnake(type.Name) + "_";
            Assert.Equal(prefix + "UNSPECIFIED", type.FindValueByNumber(0).Name);
            Assert.All(type.Values, value => Assert.StartsWith(prefix, value.Name, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Wishes_EveryNumberAndFlag_HasPresence()
    {
        MessageDescriptor[] wishes =
        [
            RoutingOptions.Descriptor, FixedPolicy.Descriptor, QualityPolicy.Descriptor, TargetPolicy.Descriptor, EconomyPolicy.Descriptor,
            Caps.Descriptor, Escalation.Descriptor, DecodingOptions.Descriptor,
        ];

        Assert.All(wishes.SelectMany(message => message.Fields.InDeclarationOrder()), field => Assert.True(field.IsRepeated || field.HasPresence, field.FullName));
    }

    [Fact]
    public void Messages_UnsetCap_IsToldFromZero()
    {
        var unset = Caps.Parser.ParseFrom(new Caps().ToByteArray());
        var zero = Caps.Parser.ParseFrom(new Caps { VisualTokens = 0 }.ToByteArray());

        Assert.False(unset.HasVisualTokens);
        Assert.True(zero.HasVisualTokens);
    }

    [Fact]
    public void Reserved_WhatWentAway_IsNeverUsedAgain()
    {
        Assert.Contains(Escalation.Descriptor.ToProto().ReservedRange, range => range.Start == 3);
        Assert.Contains("confidence_threshold", Escalation.Descriptor.ToProto().ReservedName);
    }

    [Fact]
    public void Sources_EveryDeclaration_HasAComment()
    {
        var sources = Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith("proto/", StringComparison.Ordinal)).ToArray();

        Assert.Equal(Files.Length, sources.Length);
        Assert.All(sources, name => Assert.Empty(Undocumented(Resource(name))));
    }

    private static IEnumerable<string> Undocumented(string source)
    {
        string[] silent = ["", "syntax", "package", "import", "option", "reserved", "//", "}"];
        var previous = "";
        foreach (var line in source.Split('\n').Select(line => line.Trim()))
        {
            if (!silent.Contains(line.Split(' ')[0]) && !previous.StartsWith("//", StringComparison.Ordinal))
                yield return line;
            previous = line;
        }
    }

    /// <summary>One line for everything that the wire or a generated client depends on.</summary>
    private static IEnumerable<string> Describe() =>
    [
        .. from message in Messages
           from field in message.Fields.InFieldNumberOrder()
           let type = field.FieldType switch
           {
               FieldType.Message => field.MessageType.FullName,
               FieldType.Enum => field.EnumType.FullName,
               var scalar => scalar.ToString().ToLowerInvariant(),
           }
           let label = field.IsRepeated ? "repeated " : field.RealContainingOneof is { } oneof ? $"oneof({oneof.Name}) " : field.HasPresence ? "optional " : ""
           select $"{message.FullName}.{field.Name} = {field.FieldNumber} {label}{type}",
        .. from type in Enums from value in type.Values select $"{type.FullName}.{value.Name} = {value.Number}",
        .. from service in Files.SelectMany(file => file.Services)
           from method in service.Methods
           select $"{service.FullName}/{method.Name}({method.InputType.FullName}) {method.OutputType.FullName}",
    ];

    private static string UpperSnake(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? "_" + letter : char.ToUpperInvariant(letter).ToString()));

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"No embedded file {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
