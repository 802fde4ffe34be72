using M3.Adaptive.Core;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.Evaluation.Ladder;
using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Ladder;

public sealed class GalleryTests
{
    [Fact]
    public void Choose_AlwaysOrNeverRight_AreLeftOut() =>
        Assert.Equal(["c"], Gallery.Choose([Item("a", "sign", "11111"), Item("b", "sign", "00000"), Item("c", "sign", "00011")], 9).Select(item => item.Image));

    [Fact]
    public void Choose_ManyOfOneFamily_ShowsTheOthersFirst()
    {
        LabelItem[] items = [Item("a", "sign", "00001"), Item("b", "sign", "00001"), Item("c", "sign", "00011"), Item("d", "where", "00001")];

        Assert.Equal(["a", "c", "d"], Gallery.Choose(items, 3).Select(item => item.Image));
    }

    [Fact]
    public void Choose_SamePictureTwice_ShowsItOnce() =>
        Assert.Single(Gallery.Choose([Item("a", "sign", "00001"), Item("a", "where", "00011")], 9));

    [Fact]
    public void Pooled_HalfBlackHalfWhite_IsGreyAtOneToken()
    {
        var pixels = new byte[3 * 48 * 48];
        for (var y = 0; y < 48; y++) pixels.AsSpan(3 * 48 * y, 3 * 24).Fill(254);          // the left half

        var coarse = ImageDecoder.Decode(Gallery.Pooled(new RgbImage(48, 48, pixels), VisualScale.Of(1)), ImageLimits.Default);
        var fine = ImageDecoder.Decode(Gallery.Pooled(new RgbImage(48, 48, pixels), VisualScale.Of(36)), ImageLimits.Default);

        Assert.Equal([127, 127, 127], coarse.Pixels.ToArray());
        Assert.Equal((6, 6), (fine.Width, fine.Height));
        Assert.Equal([254, 254, 254, 254, 254, 254, 254, 254, 254, 0, 0, 0, 0, 0, 0, 0, 0, 0], fine.Row(5).ToArray());
    }

    [Fact]
    public void Pooled_PictureSmallerThanTheGrid_StillHasAColourACell()
    {
        var pooled = ImageDecoder.Decode(Gallery.Pooled(new RgbImage(2, 2, [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]), VisualScale.Finest), ImageLimits.Default);

        Assert.Equal((24, 24), (pooled.Width, pooled.Height));
        Assert.All(pooled.Pixels.ToArray(), value => Assert.Equal(9, value));
    }

    private static LabelItem Item(string image, string family, string right) => new($"{image} {family}", image, "what?", family, Outcomes.Of(right));
}
