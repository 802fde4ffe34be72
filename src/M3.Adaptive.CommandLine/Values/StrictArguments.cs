using System.CommandLine;
using System.CommandLine.Parsing;

namespace M3.Adaptive.CommandLine.Values;

/// <summary>
/// Has every option and argument of a program read by <see cref="WrittenValue"/>. The parser itself reads numbers in the machine's culture
/// and skips commas: to it, 0,0001 is 1.
/// </summary>
internal static class StrictArguments
{
    public static void Apply(Command command)
    {
        foreach (var option in command.Options) Apply(option);
        foreach (var argument in command.Arguments) Apply(argument);
        foreach (var child in command.Subcommands) Apply(child);
    }

    private static void Apply(Symbol symbol)
    {
        switch (symbol)
        {
            case Option<int> option: option.CustomParser ??= Read<int>; break;
            case Option<int?> option: option.CustomParser ??= Read<int?>; break;
            case Option<long> option: option.CustomParser ??= Read<long>; break;
            case Option<long?> option: option.CustomParser ??= Read<long?>; break;
            case Option<ulong> option: option.CustomParser ??= Read<ulong>; break;
            case Option<float> option: option.CustomParser ??= Read<float>; break;
            case Option<float?> option: option.CustomParser ??= Read<float?>; break;
            case Option<double> option: option.CustomParser ??= Read<double>; break;
            case Option<double?> option: option.CustomParser ??= Read<double?>; break;
            case Option<TimeSpan> option: option.CustomParser ??= Read<TimeSpan>; break;
            case Option<TimeSpan?> option: option.CustomParser ??= Read<TimeSpan?>; break;
            case Option<ByteSize> option: option.CustomParser ??= Read<ByteSize>; break;
            case Option<ByteSize?> option: option.CustomParser ??= Read<ByteSize?>; break;
            case Argument<int> argument: argument.CustomParser ??= Read<int>; break;
            case Argument<long> argument: argument.CustomParser ??= Read<long>; break;
            case Argument<double> argument: argument.CustomParser ??= Read<double>; break;
        }
    }

    private static T? Read<T>(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (WrittenValue.Parse(typeof(T), text) is T value) return value;
        result.AddError($"{NameOf(result)} is '{text}'; expected {WrittenValue.ExpectationOf(typeof(T))}.");
        return default;
    }

    private static string NameOf(ArgumentResult result) => result.Parent is OptionResult { IdentifierToken.Value: var name } ? name : result.Argument.Name;
}
