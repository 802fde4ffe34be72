namespace M3.Adaptive.Training.DataGeneration.Axes;

/// <summary>Pixels of a picture's longer side.</summary>
internal sealed class PictureSizes() : Axis<int>("longer side, pixels",
    ("288, as the model sees it", 0.30, _ => Scene.Side),
    ("64 to 160", 0.08, random => random.Between(Scene.ShortestPixels, 160)),
    ("161 to 400", 0.37, random => random.Between(161, 400)),
    ("401 to 1,024", 0.25, random => random.Between(401, Scene.LongestPixels)));

/// <summary>Width over height.</summary>
internal sealed class AspectRatios() : Axis<double>("width to height",
    ("1:1", 0.50, _ => 1),
    ("wide, up to 3:1", 0.28, random => Math.Pow(3, random.NextDouble())),
    ("tall, up to 1:3", 0.22, random => Math.Pow(3, -random.NextDouble())));

/// <summary>Quality of the JPEG file that a picture has been, once; null: none.</summary>
internal sealed class JpegQualities() : Axis<int?>("was a JPEG file",
    ("no", 0.68, _ => null),
    ("quality 71 to 95", 0.20, random => random.Between(71, 95)),
    ("quality 30 to 70", 0.12, random => random.Between(30, 70)));

/// <summary>Size in which a picture was drawn, over the one in which it is shown.</summary>
internal sealed class Rescalings() : Axis<double>("was enlarged",
    ("no", 0.80, _ => 1),
    ("from 50 to 95 %", 0.20, random => random.Between(0.5, 0.95)));
