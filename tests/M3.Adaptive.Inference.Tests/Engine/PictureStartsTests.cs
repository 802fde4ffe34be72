using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.Model;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

public sealed class PictureStartsTests : IDisposable
{
    private readonly LoadedModel _loaded = TinyModel.Load();
    private readonly PlainArithmetic _arithmetic;
    private readonly PictureStarts _starts;

    public PictureStartsTests()
    {
        _arithmetic = new PlainArithmetic(_loaded.Model);
        _starts = new PictureStarts(_arithmetic.KvBytes(25));
    }

    public void Dispose()
    {
        _starts.CheckIntegrity();
        _starts.Dispose();
        Assert.Equal(0, _starts.Bytes);
        _arithmetic.Dispose();
        _loaded.Dispose();
    }

    [Fact]
    public void Find_SharedByARunningAnswer_IsItsSequenceAndTakesNothing()
    {
        using var sequence = _arithmetic.NewSequence(10);

        _starts.Share(Picture(1), sequence);

        Assert.Same(sequence, _starts.Find(Picture(1)));
        Assert.Null(_starts.Find(Picture(1) with { Scale = VisualScale.Of(36) }));
        Assert.Equal(0, _starts.Bytes);
    }

    [Fact]
    public void Leave_BeyondTheBytes_TheLeastRecentlyUsedGoes()
    {
        Keep(Picture(1), 10);
        Keep(Picture(2), 10);
        _starts.Find(Picture(1));

        Keep(Picture(3), 10);

        Assert.Equal((true, false, true), (_starts.Has(Picture(1)), _starts.Has(Picture(2)), _starts.Has(Picture(3))));
        Assert.Equal(_arithmetic.KvBytes(20), _starts.Bytes);
    }

    [Fact]
    public void Leave_ARunningOneIsOldest_StaysUntilItsAnswerEnds()
    {
        var running = _arithmetic.NewSequence(10);
        _starts.Share(Picture(1), running);
        Keep(Picture(2), 20);
        Keep(Picture(3), 20);

        Assert.Equal((true, false, true), (_starts.Has(Picture(1)), _starts.Has(Picture(2)), _starts.Has(Picture(3))));
        _starts.Leave(Picture(1), running);
    }

    [Fact]
    public void Leave_LargerThanAll_IsFreedAtOnce()
    {
        Keep(Picture(1), 26);

        Assert.False(_starts.Has(Picture(1)));
        Assert.Equal(0, _starts.Bytes);
    }

    [Fact]
    public void Share_ASecondSequenceOfThePicture_FirstStays()
    {
        Keep(Picture(1), 10);
        var second = _arithmetic.NewSequence(10);

        _starts.Share(Picture(1), second);
        _starts.Leave(Picture(1), second);

        Assert.NotSame(second, _starts.Find(Picture(1)));
        Assert.Equal(_arithmetic.KvBytes(10), _starts.Bytes);
    }

    private void Keep(PictureAtScale picture, int capacity)
    {
        var sequence = _arithmetic.NewSequence(capacity);
        _starts.Share(picture, sequence);
        _starts.Leave(picture, sequence);
    }

    private static PictureAtScale Picture(int seed) => new(new ImageHash($"{seed}"), VisualScale.Of(9));
}
