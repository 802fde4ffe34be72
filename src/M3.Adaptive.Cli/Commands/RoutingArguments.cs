using System.CommandLine;

namespace M3.Adaptive.Cli.Commands;

/// <summary>How the scale is to be chosen and what it may cost. Ranges and contradictions are the service's to judge.</summary>
internal sealed class RoutingArguments
{
    private const string Automatic = "auto";

    private readonly Option<string> _scale = new("--scale")
    {
        Description = "Visual tokens: auto lets the service choose.",
        HelpName = "auto|1|9|36|144|576",
        DefaultValueFactory = _ => Automatic,
    };

    private readonly Option<double?> _risk = new("--risk")
    {
        Description = "Choose so that at most this share of answers more is wrong than at 576: 0 to 1 (0.01 is one in a hundred).",
    };

    private readonly Option<double?> _target = new("--target")
    {
        Description = "Choose so that a question is charged this many visual tokens on average: 1 or more.",
    };

    private readonly Option<double?> _price = new("--price")
    {
        Description = "Choose what is worth most, one visual token costing this much success probability: 0 or more.",
    };

    private readonly Option<double?> _pricePerGigaflop = new("--price-per-gflop")
    {
        Description = "The same, 10^9 floating-point operations costing this much.",
    };

    private readonly Option<double?> _pricePerSecond = new("--price-per-second")
    {
        Description = "The same, one second costing this much.",
    };

    private readonly Option<long?> _maxVisualTokens = new("--max-visual-tokens")
    {
        Description = "Never charge more visual tokens than this, escalations included.",
    };

    private readonly Option<double?> _maxFlops = new("--max-flops")
    {
        Description = "Never charge more floating-point operations than this, escalations included.",
    };

    private readonly Option<bool> _noEscalation = new("--no-escalation")
    {
        Description = "Keep the first answer, however unsure.",
    };

    // Once the threshold below which a finer scale was tried.
    private readonly Option<string?> _confidence = new("--confidence") { Hidden = true };

    public RoutingArguments()
    {
        _scale.AcceptOnlyFromAmong(Automatic, "1", "9", "36", "144", "576");
        _confidence.Validators.Add(static result =>
            result.AddError("--confidence is gone: what a finer scale is worth decides; state a --risk, a --target or a --price."));
    }

    public IEnumerable<Option> Options => [_confidence, _scale, _risk, _target, _price, _pricePerGigaflop, _pricePerSecond, _maxVisualTokens, _maxFlops, _noEscalation];

    /// <exception cref="CommandException">More than one policy is asked for.</exception>
    public RoutingOptions Read(ParseResult parsed)
    {
        var options = new RoutingOptions();
        if (parsed.GetValue(_scale) is { } scale and not Automatic) options.Fixed = new FixedPolicy { Scale = int.Parse(scale) };
        if (parsed.GetValue(_risk) is { } risk)
        {
            RequireNoPolicyYet(options, "--risk");
            options.Quality = new QualityPolicy { Risk = risk };
        }

        if (parsed.GetValue(_target) is { } target)
        {
            RequireNoPolicyYet(options, "--target");
            options.Target = new TargetPolicy { MeanVisualTokens = target };
        }

        if (parsed.GetValue(_price) is { } price)
        {
            RequireNoPolicyYet(options, "--price");
            options.Economy = new EconomyPolicy { PricePerVisualToken = price };
        }

        if (parsed.GetValue(_pricePerGigaflop) is { } perGigaflop)
        {
            RequireNoPolicyYet(options, "--price-per-gflop");
            options.Economy = new EconomyPolicy { PricePerGigaflop = perGigaflop };
        }

        if (parsed.GetValue(_pricePerSecond) is { } perSecond)
        {
            RequireNoPolicyYet(options, "--price-per-second");
            options.Economy = new EconomyPolicy { PricePerSecond = perSecond };
        }

        if (parsed.GetValue(_maxVisualTokens) is { } tokens) (options.Caps ??= new Caps()).VisualTokens = tokens;
        if (parsed.GetValue(_maxFlops) is { } flops) (options.Caps ??= new Caps()).Flops = flops;
        if (parsed.GetValue(_noEscalation)) options.Escalation = new Escalation { Enabled = false };
        return options;
    }

    private static void RequireNoPolicyYet(RoutingOptions options, string name)
    {
        if (options.PolicyCase != RoutingOptions.PolicyOneofCase.None)
        {
            throw new CommandException($"{name} is one of several ways to choose: give only one of --scale, --risk, --target and the prices");
        }
    }
}
