using System.Text;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>Who drew what the pictures show, and under which licence: goes with every data set.</summary>
public static class Attribution
{
    public const string FileName = "ATTRIBUTION.md";

    public static string Text(Assets assets, Split split)
    {
        ArgumentNullException.ThrowIfNull(assets);
        var text = new StringBuilder("""
            # Attribution

            The pictures in this folder were generated. They show icons of these packages, placed, scaled and sometimes made faint:

            | package | author | licence | source |
            |---|---|---|---|

            """);
        foreach (var style in assets.Styles) text.Append($"| `{style.Package}` | {style.Author} | {style.License} | {style.Source} |\n");
        text.Append("\nand characters of these typefaces:\n\n| typeface | licence |\n|---|---|\n");
        foreach (var face in DataLists.Typefaces.Where(face => face.HeldOut == split.IsHeldOut()).DistinctBy(face => face.Family))
        {
            text.Append($"| {face.Family} | {face.License} |\n");
        }
        return text.ToString();
    }
}
