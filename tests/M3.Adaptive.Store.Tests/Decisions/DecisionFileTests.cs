using M3.Adaptive.Store.Decisions;
using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Store.Tests.Decisions;

/// <summary>What earlier versions wrote is still read.</summary>
public sealed class DecisionFileTests : IDisposable
{
    // As version 0.1 wrote it, before there were tenants.
    private const string Line =
        """{"decisionId":"00000000-0000-0000-0000-000000000007","at":"2030-01-02T12:00:07+00:00","requestId":"r7","modelVersion":"m@1","predictorVersion":"p-1","imageHash":"00","features":[0.25,"NaN"],"success":[0.1,0.2,0.3,0.4,0.5],"propensity":0.04,"path":[{"visualTokens":9,"reason":"Quality","predictedSuccess":0.2,"confidence":null,"charged":{"visualTokens":9,"flops":1E+09,"seconds":0.01}}],"charged":{"visualTokens":9,"flops":1E+09,"seconds":0.01}}""";

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.Combine("run.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_ThenAdd_KeepsItForTheDefaultTenant()
    {
        System.IO.File.WriteAllText(File, Line + "\n");
        await using var kept = new TestStore();
        var store = await kept.OpenAsync();

        Assert.Equal(1, await store.Decisions.AddAsync([.. DecisionFile.Read(File)], default).Soon());
        Assert.Equal(0, await store.Decisions.AddAsync([.. DecisionFile.Read(File)], default).Soon());

        var decision = Assert.Single(await kept.ReadAsync());
        Assert.Equal(("default", "r7", 9), (decision.Tenant, decision.RequestId, Assert.Single(decision.Path).VisualTokens));
    }

    [Fact]
    public void Read_CutAnywhereInTheLastLine_GivesTheWholeOnes()
    {
        for (var length = 0; length < Line.Length; length += 7)
        {
            System.IO.File.WriteAllText(File, $"{Line}\n{Line[..length]}");

            Assert.Equal(7, Some.NumberOf(Assert.Single(DecisionFile.Read(File))));
        }
    }

    [Fact]
    public void Read_DamagedLine_NamesFileAndLine()
    {
        System.IO.File.WriteAllText(File, $"{Line}\n{Line[..50]}\n");

        var fault = Assert.Throws<StoreException>(() => DecisionFile.Read(File).ToList());

        Assert.Contains($"{File}, line 2", fault.Message);
    }
}
