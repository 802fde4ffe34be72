using M3.Adaptive.Core;
using M3.Adaptive.Model.Tests.Imaging;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

public sealed class EncodingTests
{
    [Fact]
    public async Task EncodeAsync_SamePictureTwice_EncodesOnce()
    {
        using var generator = TinyModel.Generator();

        using var first = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);
        using var second = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);

        Assert.True(first.EncodeTime > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, second.EncodeTime);
        Assert.Same(first.Evidence, second.Evidence);
        Assert.Equal(ImageHash.Of(TinyModel.Picture()), second.Hash);
    }

    [Fact]
    public async Task EncodeAsync_SamePictureAtOnce_EncodesOnce()
    {
        using var generator = TinyModel.Generator();

        var images = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None)))).Soon();

        Assert.Single(images, image => image.EncodeTime > TimeSpan.Zero);
        foreach (var image in images) image.Dispose();
        await generator.CheckIntegrityAsync(CancellationToken.None).Soon();
    }

    [Fact]
    public async Task EncodeAsync_Picture_GivesEvidenceForEveryRung()
    {
        using var generator = TinyModel.Generator();

        using var image = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);

        Assert.Equal(5, image.Evidence.PoolingResiduals.Length);
        Assert.Equal(image.Evidence.PoolingResiduals.OrderDescending(), image.Evidence.PoolingResiduals);
        Assert.All(image.Evidence.PoolingResiduals, residual => Assert.InRange(residual, 0f, 1f));
        Assert.Equal(9 * TinyModel.Config.Language.HiddenSize, image.Evidence.PooledEmbeddings.Length);
        Assert.Equal(TinyModel.Config.Language.HiddenSize, image.Evidence.Width);
    }

    [Fact]
    public async Task TryGetEncoded_AfterEncoding_FindsItUntilItLeaves()
    {
        using var generator = TinyModel.Generator(new() { Threads = 1, VisionCacheImages = 1 });
        var hash = ImageHash.Of(TinyModel.Picture(1));
        Assert.False(generator.TryGetEncoded(hash, out _));

        (await generator.EncodeAsync(TinyModel.Picture(1), CancellationToken.None)).Dispose();
        Assert.True(generator.TryGetEncoded(hash, out var found));
        found.Dispose();

        (await generator.EncodeAsync(TinyModel.Picture(2), CancellationToken.None)).Dispose();
        Assert.False(generator.TryGetEncoded(hash, out _));
    }

    [Theory]
    [InlineData("no picture at all")]
    [InlineData("")]
    public async Task EncodeAsync_NoPicture_IsRefusedAndTheNextIsServed(string text)
    {
        using var generator = TinyModel.Generator();

        await Assert.ThrowsAsync<InvalidImageException>(async () =>
            await generator.EncodeAsync(System.Text.Encoding.UTF8.GetBytes(text), CancellationToken.None));

        using var image = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);
        Assert.True(image.EncodeTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task EncodeAsync_ManyLargePictures_AreNotUnpackedByTheirCallers()
    {
        using var generator = TinyModel.Generator();
        var pictures = Enumerable.Range(0, 8).Select(level =>
        {
            var grey = new byte[4000 * 3000];
            Array.Fill(grey, (byte)level);
            return PictureWriter.Png(4000, 3000, depth: 8, colourType: 0, grey);
        }).ToArray();

        // Up to its place in the queue a call runs on its caller's thread; behind it, one picture at a time is unpacked.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var calls = pictures.Select(picture => generator.EncodeAsync(picture, CancellationToken.None).AsTask()).ToArray();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, 100_000);
        foreach (var image in await Task.WhenAll(calls).Soon()) image.Dispose();
        await generator.CheckIntegrityAsync(CancellationToken.None).Soon();
    }

    [Fact]
    public async Task EncodeAsync_Cancelled_Throws()
    {
        using var generator = TinyModel.Generator();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await generator.EncodeAsync(TinyModel.Picture(), new CancellationToken(canceled: true)));
    }
}
