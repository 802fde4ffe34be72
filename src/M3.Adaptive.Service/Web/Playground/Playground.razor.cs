using M3.Adaptive.Core;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.Service.Admission;
using M3.Adaptive.Service.Grpc;
using M3.Adaptive.Service.Refusals;
using M3.Adaptive.Service.Web.Visitors;
using MediatR;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Options;
using Microsoft.FluentUI.AspNetCore.Components;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>Asks what gRPC's callers ask, by the same use cases, and shows how the answer comes about.</summary>
public sealed partial class Playground : ITextSink
{
    private readonly CancellationTokenSource _left = new();
    private CancellationToken _gone;                                         // fires when the page is left
    private Wishes _wishes = new();
    private Picture? _picture;
    private RequestMemory.Share? _room;                                     // for the picture's file, among all requests'
    private IReadOnlyList<string> _ideas = [];
    private CancellationTokenSource? _running;
    private IDisposable? _answer;                                           // what runs, or the last that did, until the page shows its end
    private Asked? _asked;
    private Episode? _episode;
    private GenerateReply? _reply;
    private IReadOnlyList<ComparedRun>? _compared;
    private Verdict? _said;
    private string _text = "";
    private string? _fault;
    private bool _mustShowKey;

    [Inject] private IMediator Mediator { get; set; } = null!;             // set before anything is drawn, as are all that follow

    [Inject] private IGenerator Generator { get; set; } = null!;

    [Inject] private IOptions<RoutingOptions> Routing { get; set; } = null!;

    [Inject] private WebLimits Limits { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private GrpcAddress Grpc { get; set; } = null!;

    [Inject] private RequestMemory Memory { get; set; } = null!;

    [Inject] private SamplePictures Samples { get; set; } = null!;

    [Inject] private SeenPictures SeenPictures { get; set; } = null!;

    [Inject] private CallFaults Faults { get; set; } = null!;

    [Inject] private Visitor Visitor { get; set; } = null!;

    [Inject] private PageAnswers Answers { get; set; } = null!;

    private bool IsBusy => _running is not null;

    private string ModelName => Generator.Model.Name;

    private string CapNote => _wishes.MaxVisualTokens is { } cap ? $"at most {cap} in all" : "no cap: every scale may run";

    private Addresses At => new(new Uri(Navigation.BaseUri), Grpc.Beside(new Uri(Navigation.BaseUri)));

    /// <inheritdoc/>
    public async ValueTask WriteAsync(string text, CancellationToken cancellation) => await InvokeAsync(() =>
    {
        _text += text;
        StateHasChanged();
    });

    public void Dispose()
    {
        Visitor.Changed -= OnKeyChanged;
        _left.Cancel();
        _left.Dispose();
        _room?.Dispose();
        _answer?.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _gone = _left.Token;
        Visitor.Changed += OnKeyChanged;
        _wishes = Wishes.Default(Routing.Value);
        await TryAsync(async cancellation => _ = await CallerAsync(cancellation));
    }

    private void OnKeyChanged() => _ = InvokeAsync(async () =>
    {
        (_mustShowKey, _fault) = (false, null);
        await TryAsync(async cancellation => _ = await CallerAsync(cancellation));
        StateHasChanged();
    });

    private Task TakeFileAsync(InputFileChangeEventArgs change) => TryAsync(async cancellation =>
    {
        var limit = Limits.MaxRequestBytes;
        if (change.File.Size > limit) throw new InvalidImageException($"The file has {change.File.Size} bytes, and at most {limit} are taken: send a smaller picture.");
        if (await CallerAsync(cancellation) is null) return;                  // nobody who shows no key has a file taken
        MakeRoom(change.File.Size);
        using var copy = new MemoryStream((int)change.File.Size);
        await using var stream = change.File.OpenReadStream(limit, cancellation);
        await stream.CopyToAsync(copy, cancellation);
        await TakeAsync(change.File.Name, copy.ToArray(), [], cancellation);
    });

    private Task TakeSampleAsync(Sample sample) => TryAsync(async cancellation =>
    {
        await TakeAsync(sample.Name, await Samples.ReadAsync(sample, cancellation), sample.Questions, cancellation);
        _wishes.Question = sample.Questions[0];
    });

    // A picture stays until another one takes its place, or the page is left.
    private void MakeRoom(long bytes)
    {
        _picture = null;
        _room ??= Memory.Enter();
        if (!_room.TryHold(bytes)) throw CallFaults.Full();
    }

    private async Task TakeAsync(string name, byte[] file, IReadOnlyList<string> ideas, CancellationToken cancellation)
    {
        if (await CallerAsync(cancellation) is null) return;
        var seen = await SeenPictures.SeeAsync(file, cancellation);
        (_picture, _ideas) = (new Picture(name, file, seen), ideas);
        Forget();
    }

    private Task AskAsync() => RunAsync(async (caller, picture, cancellation) =>
    {
        Forget();
        _asked = new Asked(_wishes.Copy(), picture.Name);
        StateHasChanged();
        // Reports arrive in the circuit's own order, like everything that changes what is shown.
        var progress = new Progress<Episode>(episode =>
        {
            _episode = episode;
            StateHasChanged();
        });
        _reply = await Mediator.Send(Query(caller, picture, _wishes.ToWish()) with { Sink = this, Progress = progress }, cancellation);
    });

    private Task CompareAsync() => RunAsync(async (caller, picture, cancellation) =>
    {
        var runs = await Task.WhenAll(Generator.Ladder.Select(async scale =>
            new ComparedRun(scale, await Mediator.Send(Query(caller, picture, new RoutingWish { Policy = new PolicyWish.Fixed(scale.Tokens) }), cancellation))));
        _compared = runs;
    });

    private GenerateQuery Query(Caller caller, Picture picture, RoutingWish wish) =>
        new() { Caller = caller, Image = new ImageSource.Bytes(picture.File), Question = _wishes.Question, Routing = wish };

    private async Task RunAsync(Func<Caller, Picture, CancellationToken, Task> run)
    {
        if (IsBusy) return;
        if (_picture is not { } picture)
        {
            _fault = "There is no picture yet: drop or paste one, or take a sample.";
            return;
        }

        if (Answers.TryBegin() is not { } answer)
        {
            _fault = "The service is stopping and takes no new questions.";
            return;
        }

        _answer?.Dispose();
        _answer = answer;
        using var running = CancellationTokenSource.CreateLinkedTokenSource(_gone);
        _running = running;
        await TryAsync(async _ =>
        {
            if (await CallerAsync(running.Token) is not { } caller) return;
            using var place = Visitor.TryBegin(caller);
            if (place is null) _fault = "This key has begun as many requests as it may: try again later.";
            else await run(caller, picture, running.Token);
        });
        _running = null;
    }

    private void Stop() => _running?.Cancel();

    private Task SayAsync(Verdict verdict) => TryAsync(async cancellation =>
    {
        if (_reply is not { } reply || await CallerAsync(cancellation) is not { } caller) return;
        await Mediator.Send(new OutcomeCommand(caller.Tenant, caller.Name, reply.Decision.Id.ToString(), verdict, Reference: null), cancellation);
        _said = verdict;
    });

    private async ValueTask<Caller?> CallerAsync(CancellationToken cancellation)
    {
        var caller = await Visitor.CallerAsync(cancellation);
        _mustShowKey = caller is null;
        return caller;
    }

    // What fails is told as it is to every other caller.
    private async Task TryAsync(Func<CancellationToken, Task> work)
    {
        _fault = null;
        try
        {
            await work(_gone);
        }
        catch (OperationCanceledException)
        {
            _fault = "Stopped.";
        }
        catch (RefusedException refused)
        {
            _fault = refused.Refusal.Message;
        }
        catch (InvalidImageException unreadable)
        {
            _fault = unreadable.Message;                                     // without the field's name: the page has one picture
        }
        catch (Exception fault)
        {
            _fault = Faults.RefusalOf(fault, new CallEnd(nameof(Playground), Deadline: DateTime.MaxValue, Cancellation: _gone)).Message;
        }
    }

    private void Forget() => (_asked, _episode, _reply, _compared, _said, _text) = (null, null, null, null, null, "");

    private ButtonAppearance Look(Verdict verdict) => _said == verdict ? ButtonAppearance.Primary : ButtonAppearance.Default;

    /// <param name="Name">As the visitor's machine calls the file.</param>
    /// <param name="Seen">As the model sees it: a data URI.</param>
    private sealed record Picture(string Name, byte[] File, string Seen);

    /// <summary>What was asked last, as controls may have moved since.</summary>
    private sealed record Asked(Wishes Wishes, string File);
}
