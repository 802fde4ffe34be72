using System.CommandLine;

namespace M3.Adaptive.Cli.Commands;

/// <summary>How the answer's tokens are chosen; what is not given is the service's default. Ranges are the service's to judge.</summary>
internal sealed class DecodingArguments
{
    private readonly Option<int?> _maxNewTokens = new("--max-new-tokens") { Description = "Length of the answer at most, in tokens." };

    private readonly Option<float?> _temperature = new("--temperature") { Description = "0 (always the likeliest token) to 2." };

    private readonly Option<float?> _topP = new("--top-p") { Description = "Sample among the likeliest tokens that hold this probability." };

    private readonly Option<long?> _seed = new("--seed") { Description = "Seed of the sampling." };

    private readonly Option<string[]> _stop = new("--stop") { Description = "A text that ends the answer where it begins, and is no part of it; may be given several times." };

    public IEnumerable<Option> Options => [_maxNewTokens, _temperature, _topP, _seed, _stop];

    public DecodingOptions Read(ParseResult parsed)
    {
        var options = new DecodingOptions();
        if (parsed.GetValue(_maxNewTokens) is { } length) options.MaxNewTokens = length;
        if (parsed.GetValue(_temperature) is { } temperature) options.Temperature = temperature;
        if (parsed.GetValue(_topP) is { } topP) options.TopP = topP;
        if (parsed.GetValue(_seed) is { } seed) options.Seed = seed;
        options.Stop.AddRange(parsed.GetValue(_stop) ?? []);
        return options;
    }
}
