using System.CommandLine;
using System.CommandLine.Parsing;

namespace M3.Adaptive.Cli.Commands;

/// <summary>The key that is shown to the service.</summary>
internal sealed class KeyArgument
{
    private const string Variable = "M3_KEY";
    private const string Expectation = "is no key: expected one as ./m3 key create prints it";

    private readonly Option<string?> _key = new("--key")
    {
        Description = $"Key to show to the service (else ${Variable}, which others on this machine cannot see).",
        HelpName = "KEY",
    };

    public KeyArgument() => _key.Validators.Add(static (OptionResult result) =>
    {
        if (result.Tokens is [{ Value: var text }] && !IsKey(text)) result.AddError($"--key {Expectation}.");
    });

    public Option Option => _key;

    /// <returns>Null where none is stated.</returns>
    /// <exception cref="CommandException">The environment's variable holds no key.</exception>
    public string? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_key) is { } stated) return stated;
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } key) return null;
        return IsKey(key) ? key : throw new CommandException($"the environment variable {Variable} {Expectation}");
    }

    // What metadata can carry; which keys there are is the service's to know. The message does not repeat it, as it may be a secret with a slip.
    private static bool IsKey(string text) => text.Length is > 0 and <= 256 && text.All(static letter => letter is > ' ' and <= '~');
}
