using M3.Adaptive.Service.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Hosting;

public sealed class IdleMemoryTests : IDisposable
{
    private readonly IdleMemory _memory = new(new FakeTimeProvider());

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void IsDue_AfterMuchWork_OnceItIsOver()
    {
        Assert.False(_memory.IsDue(100 << 20));                                    // it goes on
        Assert.False(_memory.IsDue(200 << 20));
        Assert.True(_memory.IsDue((200 << 20) + IdleMemory.IdleBytes));
        Assert.False(_memory.IsDue((200 << 20) + IdleMemory.IdleBytes));           // and not again
    }

    [Fact]
    public void IsDue_AfterLittleWork_IsNot()
    {
        _memory.IsDue(IdleMemory.WorthBytes);
        Assert.True(_memory.IsDue(IdleMemory.WorthBytes));

        Assert.False(_memory.IsDue(IdleMemory.WorthBytes + (30 << 20)));
        Assert.False(_memory.IsDue(IdleMemory.WorthBytes + (30 << 20)));
    }
}
