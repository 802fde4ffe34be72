using FsCheck.Xunit;
using M3.Adaptive.Service.Admission;

namespace M3.Adaptive.Service.Tests.Admission;

public sealed class RequestMemoryTests
{
    private const long Limit = 100_000;

    [Property]
    public bool TryHold_AnySequence_RefusesExactlyWhatDoesNotFit((byte Call, ushort Bytes)[] steps)
    {
        var memory = new RequestMemory(Limit);
        var shares = Enumerable.Range(0, 256).Select(_ => memory.Enter()).ToArray();
        var counted = new long[shares.Length];
        foreach (var (call, bytes) in steps)
        {
            var wanted = Math.Max(0, bytes - RequestMemory.FreeBytes);
            var fits = wanted <= counted[call] || counted.Sum() - counted[call] + wanted <= Limit;
            if (shares[call].TryHold(bytes) != fits) return false;
            if (fits) counted[call] = wanted;
            if (memory.HeldBytes != counted.Sum() || memory.HeldBytes > Limit) return false;
        }

        foreach (var share in shares) share.Dispose();
        return memory.HeldBytes == 0;
    }

    [Fact]
    public void TryHoldAtLeast_LessThanIsHeld_ChangesNothing()
    {
        var memory = new RequestMemory(Limit);
        using var share = memory.Enter();
        Assert.True(share.TryHold(RequestMemory.FreeBytes + 50_000));

        Assert.True(share.TryHoldAtLeast(RequestMemory.FreeBytes + 20_000));
        Assert.Equal(50_000, memory.HeldBytes);
        Assert.True(share.TryHoldAtLeast(RequestMemory.FreeBytes + Limit));
        Assert.False(share.TryHoldAtLeast(RequestMemory.FreeBytes + Limit + 1));

        Assert.Equal(Limit, memory.HeldBytes);
    }
}
