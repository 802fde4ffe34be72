using M3.Adaptive.Model.Imaging;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>The colours that questions name, each a range of shades that leaves room to its neighbours.</summary>
public static class Palette
{
    private static readonly Dictionary<string, Range> Ranges = new()
    {
        ["red"] = new(0, 7, 0.75, 0.95, 0.40, 0.54),
        ["orange"] = new(29, 5, 0.88, 1.00, 0.49, 0.57),
        ["yellow"] = new(53, 5, 0.85, 1.00, 0.50, 0.64),
        ["green"] = new(128, 20, 0.45, 0.80, 0.30, 0.48),
        ["cyan"] = new(184, 7, 0.65, 0.90, 0.52, 0.66),
        ["blue"] = new(222, 10, 0.65, 0.90, 0.38, 0.56),
        ["purple"] = new(278, 9, 0.45, 0.75, 0.34, 0.50),
        ["pink"] = new(335, 9, 0.75, 0.95, 0.72, 0.82),
        ["brown"] = new(23, 6, 0.48, 0.62, 0.22, 0.31),
        ["gray"] = new(0, 180, 0.00, 0.05, 0.46, 0.62),
        ["white"] = new(0, 180, 0.00, 0.30, 0.955, 1.00),
        ["black"] = new(0, 180, 0.00, 0.20, 0.02, 0.09),
    };

    public static IReadOnlyList<string> Names { get; } = [.. Ranges.Keys];

    /// <summary>A shade that bears this name.</summary>
    public static Rgb Shade(string name, SeededRandom random)
    {
        var range = Ranges[name];
        return Rgb.FromHsl(range.Hue + random.Between(-range.HueReach, range.HueReach),
            random.Between(range.SaturationLow, range.SaturationHigh), random.Between(range.LightLow, range.LightHigh));
    }

    /// <summary>A colour to write with on a surface, from barely to fully contrasting: at least 0.35 of brightness apart.</summary>
    public static Rgb InkOn(Rgb surface, SeededRandom random)
    {
        for (var attempt = 0; attempt < 6; attempt++)
        {
            var ink = Shade(random.Pick(Names), random);
            if (Math.Abs(ink.Luma - surface.Luma) >= 0.35) return ink;
        }
        return surface.Towards(surface.Luma > 0.5 ? new(0, 0, 0) : new(255, 255, 255), random.Between(0.75, 1.0));
    }

    private sealed record Range(double Hue, double HueReach, double SaturationLow, double SaturationHigh, double LightLow, double LightHigh);
}
