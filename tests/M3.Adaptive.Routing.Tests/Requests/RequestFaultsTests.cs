using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Tests.Doubles;
using M3.Adaptive.Routing.Wishes;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Requests;

public sealed class RequestFaultsTests
{
    [Fact]
    public void Of_EverythingWrong_NamesAllAtOnce()
    {
        var query = new GenerateQuery
        {
            RequestId = new string('x', 129),
            Image = null,
            Question = " ",
            Routing = new RoutingWish { MinScale = 7 },
            Decoding = new DecodingWish(0, 3, 0, null),
        };

        Assert.Equal(
            ["request_id", "image", "question", "decoding.max_new_tokens", "decoding.temperature", "decoding.top_p", "routing.min_scale"],
            RequestFaults.Of(query).Select(fault => fault.Field));
    }

    [Fact]
    public void Of_StopTexts_TooManyEmptyOrLong_SaysWhich()
    {
        Assert.Equal(["has 9 texts; at most 8 are allowed"], Problems([.. Enumerable.Repeat("x", 9)]));
        Assert.Equal(["has a text of 0 characters; expected 1 to 64"], Problems(["x", ""]));
        Assert.Equal(["has a text of 65 characters; expected 1 to 64"], Problems([new string('x', 65)]));
        Assert.Empty(Problems([.. Enumerable.Repeat(string.Concat(Enumerable.Repeat("🍎", 64)), 8)]));

        static IEnumerable<string> Problems(string[] stop) =>
            RequestFaults.Of(RoutingBench.Ask() with { Decoding = DecodingWish.Default with { Stop = stop } }).Where(fault => fault.Field == "decoding.stop").Select(fault => fault.Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    public void Of_BadHash_NamesTheField(string hash)
    {
        var query = RoutingBench.Ask() with { Image = new ImageSource.Cached(new ImageHash(hash)) };

        Assert.Equal(["image.sha256"], RequestFaults.Of(query).Select(fault => fault.Field));
    }

    [Fact]
    public void Of_LongQuestion_SaysHowLongItMayBe()
    {
        var fault = Assert.Single(RequestFaults.Of(RoutingBench.Ask() with { Question = new string('q', 4097) }));

        Assert.Equal(("question", "has 4097 characters; at most 4096 are allowed"), (fault.Field, fault.Problem));
    }

    [Theory]
    [InlineData(4096, 128, "")]
    [InlineData(4097, 129, "request_id: has 129 characters; expected 1 to 128, or leave it unset; question: has 4097 characters; at most 4096 are allowed")]
    public void Of_Emoji_CountsEachAsOneCharacter(int question, int id, string expected)
    {
        var query = RoutingBench.Ask(id: string.Concat(Enumerable.Repeat("\U0001F600", id))) with { Question = string.Concat(Enumerable.Repeat("\U0001F600", question)) };

        Assert.Equal(expected, string.Join("; ", RequestFaults.Of(query).Select(fault => $"{fault.Field}: {fault.Problem}")));
    }
}
