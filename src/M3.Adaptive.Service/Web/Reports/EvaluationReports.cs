using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;

namespace M3.Adaptive.Service.Web.Reports;

/// <summary>One page that <c>./m3 eval</c> or <c>./m3 predictor eval</c> left in the state folder.</summary>
/// <param name="Name">Of its folder.</param>
public sealed record EvaluationReport(string Name, DateTimeOffset At);

/// <summary>The reports that the operator's evaluations left.</summary>
internal sealed class EvaluationReports
{
    private const string Page = "report.html";

    private readonly string _folder = Path.Combine(StateFolder.Path, "eval");

    /// <summary>They are the operator's: for admins, and for everybody of this machine while no key has been made.</summary>
    public static bool MayBeSeenBy(Caller caller) => caller.Role == KeyRole.Admin || caller.KeyId is null;

    /// <summary>Latest first.</summary>
    public IReadOnlyList<EvaluationReport> List() => !Directory.Exists(_folder) ? [] :
    [
        .. new DirectoryInfo(_folder).EnumerateDirectories().Select(static folder => (folder.Name, Page: new FileInfo(Path.Combine(folder.FullName, Page))))
            .Where(static report => report.Page.Exists)
            .Select(static report => new EvaluationReport(report.Name, report.Page.LastWriteTimeUtc)).OrderByDescending(static report => report.At),
    ];

    /// <returns>The page's HTML, which nobody has checked; null where there is no such report.</returns>
    public async Task<string?> ReadAsync(string name, CancellationToken cancellation) => List().Any(report => report.Name == name)
        ? await File.ReadAllTextAsync(Path.Combine(_folder, name, Page), cancellation)
        : null;
}
