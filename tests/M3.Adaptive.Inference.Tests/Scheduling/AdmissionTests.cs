using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Scheduling;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Scheduling;

public sealed class AdmissionTests
{
    private static readonly AdmissionLimits Limits = new(Waiting: 3, PictureBytes: 100, KvBytes: 1000);

    private readonly Admission _admission = new(Limits);

    [Fact]
    public void Enter_QueueFull_SaysHowLongWhatWasAdmittedTakes()
    {
        for (var i = 0; i < 3; i++) _admission.Enter(2.5);

        var fault = Assert.Throws<OverloadedException>(() => _admission.Enter(0.001));

        Assert.Equal(3, fault.Waiting);
        Assert.Equal(TimeSpan.FromSeconds(7.5), fault.RetryAfter);
    }

    [Fact]
    public void Enter_PacerLearnt_RetryFollowsTheMachinesPace()
    {
        var done = _admission.Enter(4);
        _admission.Begin(done);
        _admission.Leave(done);
        _admission.Worked(1);                                                     // batched, it took a quarter

        _admission.Enter(8);

        Assert.Equal(2, _admission.Backlog.TotalSeconds, 1e-9);
    }

    [Fact]
    public void Leave_OneThatWaited_MakesRoomAtOnce()
    {
        var tickets = Enumerable.Range(0, 3).Select(_ => _admission.Enter(1, pictureBytes: 30)).ToList();

        _admission.Leave(tickets[1]);

        _admission.Enter(1, pictureBytes: 40);
        Assert.Throws<OverloadedException>(() => _admission.Enter(1));
    }

    [Fact]
    public void Enter_PicturesBeyondWhatMayWait_AreRefusedForNow()
    {
        var first = _admission.Enter(1, pictureBytes: 60);

        Assert.Throws<OverloadedException>(() => _admission.Enter(1, pictureBytes: 41));

        _admission.Begin(first);
        _admission.Enter(1, pictureBytes: 41);
    }

    [Fact]
    public void Enter_LargerThanEverFits_SaysBothNumbers()
    {
        var admission = new Admission(new(3, 1 << 20, 2 << 20));

        Assert.Contains("5 MiB of keys and values and the service has 2 MiB", Assert.Throws<TooLargeException>(() => admission.Enter(1, kvBytes: 5 << 20)).Message, StringComparison.Ordinal);
        Assert.Contains("has 3 MiB and the service has 1 MiB", Assert.Throws<TooLargeException>(() => admission.Enter(1, pictureBytes: 3 << 20)).Message, StringComparison.Ordinal);
        admission.CheckIntegrity();
    }

    [Fact]
    public void AnyUse_AfterEachStep_FreeAndHeldAreAll() => Prop.ForAll(
        Gen.Choose(0, 999).ListOf().ToArbitrary(),
        steps =>
        {
            var admission = new Admission(Limits);
            List<Ticket> waiting = [], running = [];
            foreach (var step in steps)
            {
                if (step % 3 == 0 && waiting.Count < 3 && waiting.Sum(static ticket => ticket.PictureBytes) + (step % 30) <= 100)
                {
                    waiting.Add(admission.Enter(step * 0.01, step % 30, step));
                }
                else if (step % 3 == 1 && waiting.FirstOrDefault(ticket => ticket.KvBytes <= admission.FreeKvBytes) is { } next)
                {
                    admission.Begin(next);
                    waiting.Remove(next);
                    running.Add(next);
                }
                else if ((step % 2 == 0 ? waiting : running) is [var last, ..] from)
                {
                    admission.Leave(last);
                    from.RemoveAt(0);
                }

                admission.CheckIntegrity();
                if (admission.Waiting != waiting.Count || admission.FreeKvBytes != 1000 - running.Sum(static ticket => ticket.KvBytes)) return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Leave_Twice_IsAFault()
    {
        var ticket = _admission.Enter(1);
        _admission.Leave(ticket);

        Assert.Throws<InvalidOperationException>(() => _admission.Leave(ticket));
    }
}
