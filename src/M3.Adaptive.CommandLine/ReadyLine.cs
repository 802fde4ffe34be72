namespace M3.Adaptive.CommandLine;

/// <summary>The line on standard output by which a started service tells where it answers: <c>m3: ready on http://ADDRESS:PORT</c>.</summary>
public static class ReadyLine
{
    private const string Start = "m3: ready on ";

    public static string Of(string address) => Start + address;

    /// <returns>Null for any other line.</returns>
    public static Uri? AddressIn(string line) =>
        line.StartsWith(Start, StringComparison.Ordinal) ? new Uri(line[Start.Length..]) : null;
}
