using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Output;

namespace M3.Adaptive.Cli.Demo;

/// <summary>Asks every question three times: at the scale the service chooses, always at the coarsest, always at the finest.</summary>
internal sealed class DemoRun(ServiceConnection service, string folder, Action<int> progress)
{
    private const int Coarsest = 1;
    private const int Finest = 576;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public async Task<DemoReport> AskAllAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        var requests = new List<DemoRequest>();
        int rightCoarsest = 0, rightFinest = 0;
        foreach (var question in questions)
        {
            progress(requests.Count);
            requests.Add(DemoRequest.Of(question, await AskAsync(question, new RoutingOptions(), cancellation)));
            if (question.IsAnsweredBy((await AskAsync(question, Fixed(Coarsest), cancellation)).Text)) rightCoarsest++;
            if (question.IsAnsweredBy((await AskAsync(question, Fixed(Finest), cancellation)).Text)) rightFinest++;
        }

        progress(requests.Count);
        double total = questions.Count;
        return new DemoReport(
            requests,
            Accuracy: requests.Count(request => request.Correct) / total,
            AccuracyFinest: rightFinest / total,
            AccuracyCoarsest: rightCoarsest / total,
            VisualTokenShare: requests.Sum(request => request.ChargedVisualTokens) / (total * Finest),
            FinalScales: requests.CountBy(request => request.Path[^1].Scale).OrderBy(entry => entry.Key).ToDictionary());
    }

    private async Task<GenerateResponse> AskAsync(Question question, RoutingOptions routing, CancellationToken cancellation)
    {
        var request = new GenerateRequest
        {
            Image = new Image { Data = await PictureFile.ReadAsync(Path.Combine(folder, question.Image), cancellation) },
            Question = question.Text,
            Routing = routing,
        };
        return await service.GenerateAsync(request, Limit, cancellation);
    }

    private static RoutingOptions Fixed(int scale) => new() { Fixed = new FixedPolicy { Scale = scale } };
}

/// <summary>One question of the demonstration and what came of it.</summary>
internal sealed record DemoRequest(
    string Image, string Family, string Question, string Expected, string Answer, bool Correct, IReadOnlyList<StepView> Path,
    long ChargedVisualTokens)
{
    public static DemoRequest Of(Question question, GenerateResponse reply) => new(
        question.Image, question.Category ?? "", question.Text, question.Answers[0], reply.Text, question.IsAnsweredBy(reply.Text),
        [.. reply.Path.Select(StepView.Of)], reply.Charged.VisualTokens);
}

/// <summary>What <c>demo</c> shows. Accuracies are shares from 0 to 1.</summary>
/// <param name="VisualTokenShare">Charged visual tokens over those of always using 576.</param>
/// <param name="FinalScales">How many answers each scale gave.</param>
internal sealed record DemoReport(
    IReadOnlyList<DemoRequest> Requests, double Accuracy, double AccuracyFinest, double AccuracyCoarsest, double VisualTokenShare,
    IReadOnlyDictionary<int, int> FinalScales);
