using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Output;

namespace M3.Adaptive.Cli.Demo;

/// <summary>Asks every question at the scale the service chooses, and at each scale of the model's ladder.</summary>
internal sealed class DemoRun(ServiceConnection service, string folder, Action<int> progress)
{
    private const int Finest = 576;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public async Task<DemoReport> AskAllAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        var requests = new List<DemoRequest>();
        var right = (await LadderAsync(questions[0], cancellation)).ToDictionary(scale => scale, _ => 0);
        foreach (var question in questions)
        {
            progress(requests.Count);
            requests.Add(DemoRequest.Of(question, await AskAsync(question, new RoutingOptions(), cancellation)));
            foreach (var scale in right.Keys)
            {
                if (question.IsAnsweredBy((await AskAsync(question, Fixed(scale), cancellation)).Text)) right[scale]++;
            }
        }

        progress(requests.Count);
        double total = questions.Count;
        return new DemoReport(
            requests,
            Accuracy: requests.Count(request => request.Correct) / total,
            AccuracyFinest: right[right.Keys.Max()] / total,
            AccuracyCoarsest: right[right.Keys.Min()] / total,
            VisualTokenShare: requests.Sum(request => request.ChargedVisualTokens) / (total * Finest),
            Unfamiliar: requests.Count(request => request.Unfamiliar),
            FinalScales: requests.CountBy(request => request.Path[^1].Scale).OrderBy(entry => entry.Key).ToDictionary(),
            Fixed: right.ToDictionary(entry => entry.Key, entry => entry.Value / total));
    }

    private async Task<IReadOnlyList<int>> LadderAsync(Question question, CancellationToken cancellation)
    {
        var request = new RouteRequest { Image = await ImageAsync(question, cancellation), Question = question.Text };
        return [.. (await service.RouteAsync(request, Limit, cancellation)).Forecasts.Select(forecast => forecast.Scale)];
    }

    private async Task<Image> ImageAsync(Question question, CancellationToken cancellation) =>
        new() { Data = await PictureFile.ReadAsync(Path.Combine(folder, question.Image), cancellation) };

    private async Task<GenerateResponse> AskAsync(Question question, RoutingOptions routing, CancellationToken cancellation)
    {
        var request = new GenerateRequest
        {
            Image = await ImageAsync(question, cancellation),
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
    long ChargedVisualTokens, bool Unfamiliar)
{
    public static DemoRequest Of(Question question, GenerateResponse reply) => new(
        question.Image, question.Category ?? "", question.Text, question.Answers[0], reply.Text, question.IsAnsweredBy(reply.Text),
        [.. reply.Path.Select(StepView.Of)], reply.Charged.VisualTokens, reply.Unfamiliar);
}

/// <summary>What <c>demo</c> shows. Accuracies are shares from 0 to 1.</summary>
/// <param name="VisualTokenShare">Charged visual tokens over those of always using 576.</param>
/// <param name="Unfamiliar">How many questions lay outside what the model was made for.</param>
/// <param name="FinalScales">How many answers each scale gave.</param>
/// <param name="Fixed">Accuracy of always using a scale, for each of the model's.</param>
internal sealed record DemoReport(
    IReadOnlyList<DemoRequest> Requests, double Accuracy, double AccuracyFinest, double AccuracyCoarsest, double VisualTokenShare,
    int Unfamiliar, IReadOnlyDictionary<int, int> FinalScales, IReadOnlyDictionary<int, double> Fixed);
