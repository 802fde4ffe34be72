namespace M3.Adaptive.CommandLine;

/// <summary>
/// The lines on standard output by which a started service tells where it answers: <c>m3: ready on http://ADDRESS:PORT</c> for gRPC, and after it, where the web port is open,
/// <c>m3: web on http://ADDRESS:PORT</c>.
/// </summary>
public static class ReadyLine
{
    private const string Start = "m3: ready on ";
    private const string WebStart = "m3: web on ";

    public static string Of(string address) => Start + address;

    public static string OfWeb(string address) => WebStart + address;

    /// <returns>Null for any other line.</returns>
    public static Uri? AddressIn(string line) => AddressIn(line, Start);

    /// <inheritdoc cref="AddressIn(string)"/>
    public static Uri? WebAddressIn(string line) => AddressIn(line, WebStart);

    private static Uri? AddressIn(string line, string start) => line.StartsWith(start, StringComparison.Ordinal) ? new Uri(line[start.Length..]) : null;
}
