using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.Cli.Load;

/// <summary>Names with weights, written <c>auto=3,36=1</c>: each is drawn in proportion to its weight.</summary>
internal sealed class Mix
{
    private readonly (string Name, double Weight)[] _entries;
    private readonly double _total;

    /// <param name="entries">At least one; weights are finite and above 0.</param>
    public Mix(params IEnumerable<(string Name, double Weight)> entries)
    {
        _entries = [.. entries];
        _total = _entries.Sum(static entry => entry.Weight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_total, nameof(entries));
    }

    public IEnumerable<string> Names => _entries.Select(static entry => entry.Name);

    /// <param name="option">Whose value it is, for the errors.</param>
    /// <param name="known">The names that there are.</param>
    /// <exception cref="CommandException">The text is no such list, or names what is not known.</exception>
    public static Mix Parse(string option, string text, IReadOnlyCollection<string> known)
    {
        List<(string, double)> entries = [];
        foreach (var part in text.Split(','))
        {
            // A name may hold an equals sign, a weight none. Without a weight, a name counts once.
            var cut = part.LastIndexOf('=');
            var name = (cut < 0 ? part : part[..cut]).Trim();
            double weight = 1;
            if (cut >= 0 && (!Numbers.TryParse(part[(cut + 1)..] is { Length: > 0 } written ? written : "-", out weight) || weight <= 0))
                throw new CommandException($"{option} gives '{name}' the weight '{part[(cut + 1)..]}'; expected a number above 0");
            if (!known.Contains(name)) throw new CommandException($"{option} names '{name}'; expected some of: {string.Join(", ", known)}");
            if (entries.Exists(entry => entry.Item1 == name)) throw new CommandException($"{option} names '{name}' more than once");
            entries.Add((name, weight));
        }

        return new Mix(entries);
    }

    /// <param name="point">From 0 to below 1: how far along all weights.</param>
    public string At(double point)
    {
        var left = point * _total;
        foreach (var (name, weight) in _entries)
        {
            if (left < weight) return name;
            left -= weight;
        }

        return _entries[^1].Name;                          // what rounding leaves over
    }
}
