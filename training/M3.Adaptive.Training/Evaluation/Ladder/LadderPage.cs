using System.Net;
using System.Text;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Ladder;

/// <summary><c>report.html</c>: one page that needs no other file and no network.</summary>
internal static class LadderPage
{
    private const int GalleryItems = 24;

    private const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 80rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
        h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
        table { border-collapse: collapse } th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #ddd } th:first-child, td:first-child { text-align: left }
        .plots { display: flex; flex-wrap: wrap; gap: 1rem } .plots svg { max-width: 100% }
        .item { display: grid; grid-template-columns: repeat(6, 1fr); gap: .6rem; margin: 1rem 0 1.6rem } .item p { grid-column: 1 / -1; margin: 0 }
        .item img { width: 100%; aspect-ratio: 1; object-fit: contain; image-rendering: pixelated; background: #7a7468 } .item figure { margin: 0 }
        .right { color: #17703a } .wrong { color: #a3262a } small { color: #666 }
        """;

    /// <param name="report">The figures.</param>
    /// <param name="table">The answers behind them.</param>
    /// <param name="set">The images.</param>
    public static string Html(LadderReport report, LabelTable table, QuestionSet set)
    {
        var page = new StringBuilder();
        var model = table.Header.Model;
        page.Append($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>{Text(model.Name)}: every scale</title><style>{Style}</style></head><body>
            <h1>{Text(model.Name)} at every scale</h1>
            <p>Model {Text(model.Hash)}. Data: {Text(Path.GetFileName(set.Folder))}, {report.Items} questions about {table.ImageFeatures.Count} images. Greedy decoding; right is exact
            match after folding case and white space. Intervals: 95 %, Wilson.</p>
            <div class="plots">{LadderPlots.Accuracy(report)}{LadderPlots.Granularity(report)}{LadderPlots.Families(report)}</div>

            """);
        AppendScales(page, report);
        AppendFamilies(page, report);
        AppendAxes(page, report);
        AppendModels(page, report, model.Name);
        AppendGallery(page, table, set);
        return page.Append("</body></html>\n").ToString();
    }

    private static void AppendScales(StringBuilder page, LadderReport report)
    {
        page.Append("<h2>Scales</h2><table><tr><th>visual tokens</th><th>accuracy</th><th>95 % interval</th><th>right here or coarser</th><th>GFLOPs</th><th>seconds</th></tr>\n");
        foreach (var scale in VisualScale.All)
        {
            var (name, share, cost) = ($"{scale}", report.Scales[$"{scale}"], report.Costs[$"{scale}"]);
            page.Append($"<tr><td>{name}</td><td>{share.Accuracy:P1}</td><td>{share.Low:P1} to {share.High:P1}</td><td>{report.SolvedBy[name]:P1}</td><td>{cost.Flops / 1e9:F2}</td><td>{cost.Seconds:F3}</td></tr>\n");
        }

        page.Append($"""
            <tr><td>oracle</td><td>{report.Oracle.Accuracy:P1}</td><td></td><td></td><td colspan="2">{report.Oracle.MeanVisualTokens:F1} visual tokens on average</td></tr>
            <tr><td>monotone oracle</td><td>{report.MonotoneOracle.Accuracy:P1}</td><td></td><td></td><td colspan="2">{report.MonotoneOracle.MeanVisualTokens:F1} visual tokens on average</td></tr>
            </table>
            <p><small>The oracle takes the coarsest scale that answers right; the monotone oracle the coarsest from which on every finer one does, too. Costs are of the answer alone; the image is
            encoded once for all scales.</small></p>

            """);
    }

    private static void AppendFamilies(StringBuilder page, LadderReport report)
    {
        page.Append($"<h2>Families</h2><table><tr><th>family</th>{string.Concat(VisualScale.All.Select(scale => $"<th>{scale}</th>"))}</tr>\n");
        foreach (var (family, shares) in report.FamilyShares)
        {
            page.Append($"<tr><td>{Text(family)}</td>");
            foreach (var share in shares.Values)
                page.Append($"<td style=\"background: rgb(70 130 180 / {60 * share.Accuracy:F0}%)\" title=\"{share.Low:P0} to {share.High:P0}\">{share.Accuracy:P1}</td>");
            page.Append("</tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void AppendAxes(StringBuilder page, LadderReport report)
    {
        if (report.Axes is not { } axes) return;
        page.Append($"<h2>What training never saw</h2>\n<table><tr><th>axis</th><th>questions</th>{string.Concat(VisualScale.All.Select(scale => $"<th>{scale}</th>"))}</tr>\n");
        foreach (var (axis, row) in axes)
            page.Append($"<tr><td>{Text(axis)}</td><td>{row[AxisShares.Items]}</td>{string.Concat(VisualScale.All.Select(scale => $"<td>{row[$"{scale}"]:P1}</td>"))}</tr>\n");
        if (report.NotThere is { } said)
        {
            page.Append($"<tr><td>says that it is not there, of what is not</td><td></td>{string.Concat(said.Values.Select(shares => $"<td>{shares.Absent:P1}</td>"))}</tr>\n");
            page.Append($"<tr><td>says that it is not there, of what is</td><td></td>{string.Concat(said.Values.Select(shares => $"<td>{shares.Present:P1}</td>"))}</tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void AppendModels(StringBuilder page, LadderReport report, string model)
    {
        if (report.Against.Count == 0) return;
        (string Name, IReadOnlyDictionary<string, Share> Scales)[] models = [(model, report.Scales), .. report.Against.Select(pair => (pair.Key, pair.Value))];
        page.Append($"<h2>Models</h2><div class=\"plots\">{LadderPlots.Models(models)}</div><table><tr><th>model</th>{string.Concat(VisualScale.All.Select(scale => $"<th>{scale}</th>"))}</tr>\n");
        foreach (var (name, scales) in models)
            page.Append($"<tr><td>{Text(name)}</td>{string.Concat(scales.Values.Select(share => $"<td title=\"{share.Low:P0} to {share.High:P0}\">{share.Accuracy:P1}</td>"))}</tr>\n");
        page.Append("</table>\n");
    }

    private static void AppendGallery(StringBuilder page, LabelTable table, QuestionSet set)
    {
        var chosen = Gallery.Choose(table.Items, GalleryItems);
        if (chosen.Count == 0) return;
        var answers = set.Questions.ToDictionary(question => question.Id, question => question.Answers[0]);
        page.Append("<h2>Answers that change with the scale</h2>\n");
        foreach (var item in chosen)
        {
            var image = ImageDecoder.Decode(File.ReadAllBytes(Path.Combine(set.Folder, item.Image)), ImageLimits.Default);
            page.Append($"<div class=\"item\"><p>{Text(item.Question)} <small>{Text(answers[item.Id])}</small></p><figure>{Image(Gallery.Thumbnail(image))}</figure>");
            foreach (var scale in VisualScale.All)
            {
                var outcome = item.Outcomes[scale.Rung];
                page.Append($"<figure>{Image(Gallery.Pooled(image, scale))}<figcaption>{scale}: <span class=\"{(outcome.Right ? "right" : "wrong")}\">{Text(outcome.Answer)}</span></figcaption></figure>");
            }

            page.Append("</div>\n");
        }
    }

    private static string Image(byte[] webp) => $"<img alt=\"\" src=\"data:image/webp;base64,{Convert.ToBase64String(webp)}\">";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
