using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration.Axes;

/// <summary>What is behind everything, made of a shade that bears the background's name.</summary>
internal sealed class Grounds() : Axis<Func<Rgb, Ground>>("background",
    ("flat", 0.42, _ => shade => new FlatGround(shade)),
    ("gradient", 0.23, random =>
    {
        var (reach, degrees) = (random.Between(0.03, 0.12), random.Between(0.0, 360));
        return shade => new GradientGround(shade, shade.Towards(new(0, 0, 0), reach), shade.Towards(new(255, 255, 255), reach), degrees);
    }
),
    ("stripes, checks or dots", 0.18, random =>
    {
        var (pattern, reach) = ((Pattern)random.Next(3), random.Between(0.04, 0.13));
        var other = random.Chance(0.5) ? new Rgb(0, 0, 0) : new Rgb(255, 255, 255);
        var (pitch, degrees) = (random.Between(5.0, 48), random.Between(0.0, 180));
        return shade => new PatternedGround(shade, pattern, shade.Towards(other, reach), pitch, degrees);
    }
),
    ("noise", 0.17, random =>
    {
        var (seed, reach, grain) = (random.NextBits(), random.Between(4, 26), random.Between(1, 3));
        return shade => new NoisyGround(shade, seed, reach, grain);
    }
));

/// <summary>Discs and strokes in a close shade, strewn over the background: how many.</summary>
internal sealed class Clutter() : Axis<int>("faint discs and strokes",
    ("none", 0.72, _ => 0),
    ("4 to 14", 0.28, random => random.Between(4, 14)));
