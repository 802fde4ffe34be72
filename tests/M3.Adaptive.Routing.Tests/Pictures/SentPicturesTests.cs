using M3.Adaptive.Core;
using M3.Adaptive.Routing.Pictures;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Pictures;

public sealed class SentPicturesTests
{
    private static readonly ImageHash A = new("a"), B = new("b"), C = new("c");

    private readonly SentPictures _pictures = new(capacity: 2);

    [Fact]
    public void Contains_OtherTenant_IsFalse()
    {
        _pictures.Add("one", A);

        Assert.True(_pictures.Contains("one", A));
        Assert.False(_pictures.Contains("two", A));
    }

    [Fact]
    public void Add_BeyondCapacity_ForgetsWhatWasNotUsedForLongest()
    {
        _pictures.Add("one", A);
        _pictures.Add("one", B);
        Assert.True(_pictures.Contains("one", A));

        _pictures.Add("one", C);

        Assert.Equal([true, false, true], new[] { A, B, C }.Select(picture => _pictures.Contains("one", picture)));
    }

    [Fact]
    public void Add_Twice_TakesOnePlace()
    {
        _pictures.Add("one", A);
        _pictures.Add("one", A);

        _pictures.Add("one", B);

        Assert.Equal([true, true], new[] { A, B }.Select(picture => _pictures.Contains("one", picture)));
    }
}
