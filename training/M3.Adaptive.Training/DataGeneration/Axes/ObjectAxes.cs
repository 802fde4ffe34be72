namespace M3.Adaptive.Training.DataGeneration.Axes;

/// <summary>Degrees that an icon is turned by, clockwise.</summary>
internal sealed class IconTurns() : Axis<double>("icons are turned",
    ("no", 0.78, _ => 0),
    ("up to 20 degrees", 0.22, random => Math.Round(random.Between(-20.0, 20), 1)));

/// <summary>How much an icon hides of what is behind it.</summary>
internal sealed class Opacities() : Axis<double>("icons are faint",
    ("no", 0.84, _ => 1),
    ("55 to 85 % opaque", 0.16, random => Math.Round(random.Between(0.55, 0.85), 2)));
