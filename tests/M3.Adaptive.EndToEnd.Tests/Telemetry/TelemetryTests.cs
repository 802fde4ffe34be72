using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.Telemetry;

/// <summary>What an operator sees of a real service after real requests.</summary>
public sealed class TelemetryTests(WatchedService watched) : IClassFixture<WatchedService>
{
    private const int Answers = 42;                                           // 40 of load, a whole and a streamed one

    private Scrape Scrape => watched.Scrape;

    [Fact]
    public void Requests_AnsweredAndRefused_AreTimedUnderTheConventionsNames()
    {
        Assert.Equal(Answers + 1, Scrape.Sum("gen_ai_server_request_duration_seconds_count"));
        Assert.Equal(1, Scrape.Sum("gen_ai_server_request_duration_seconds_count", "error_type=\"InvalidRequestException\""));
        Assert.Equal(Answers, Scrape.Sum("gen_ai_server_time_to_first_token_seconds_count"));
        Assert.InRange(Scrape.Sum("gen_ai_server_time_per_output_token_seconds_count"), 1, Answers);
        Assert.True(Scrape.Sum("gen_ai_server_time_to_first_token_seconds_sum") <= Scrape.Sum("gen_ai_server_request_duration_seconds_sum"));
    }

    [Fact]
    public void Tokens_OfAnsweredRequests_AreThoseOfTheReplies()
    {
        // The streamed question is the whole one's, and may have settled elsewhere: on one of the rungs or on sums of them.
        var others = (long)watched.Load["chargedVisualTokens"]! + watched.Single.Charged.VisualTokens;

        var visual = Scrape.Sum("m3_tokens_total", "modality=\"visual\"");

        Assert.InRange(visual - others, 1, 1 + 9 + 36 + 144 + 576);
        Assert.Equal(visual, Scrape.Sum("m3_routing_charged_visual_tokens_sum"));
        Assert.Equal((576 * Answers) - visual, Scrape.Sum("m3_tokens_saved"));
        Assert.Equal(1_000_000 - visual, Scrape.Sum("m3_budget_left", "tenant=\"default\""), 2000.0);
        Assert.True(Scrape.Sum("m3_tokens_total", "type=\"output\"") >= Answers);
        Assert.True(Scrape.Sum("m3_charged_flops_total") >= (double)watched.Load["chargedFlops"]!);
    }

    [Fact]
    public void Scales_OfRunsAndAnswers_AddUp()
    {
        Assert.Equal(Answers, Scrape.Sum("m3_routing_answers_total"));
        Assert.Equal(Answers, Scrape.Sum("m3_routing_decisions_total"));
        Assert.Equal(Answers + Scrape.Sum("m3_routing_escalations_total"), Scrape.Sum("m3_scale_total"));
        Assert.True(Scrape.Sum("m3_budget_brownouts_total") > 0);
    }

    [Theory]
    [InlineData("encode")]
    [InlineData("route")]
    [InlineData("store")]
    public void Stages_OfEveryAnswer_AreTimed(string stage) => Assert.Equal(Answers, Scrape.Sum("m3_stage_duration_seconds_count", $"stage=\"{stage}\""));

    [Theory]
    [InlineData("decode_picture")]
    [InlineData("encode")]
    [InlineData("queue")]
    [InlineData("prefill")]
    [InlineData("decode")]
    public void Stages_OfTheEngine_AreTimed(string stage) => Assert.True(Scrape.Sum("m3_engine_stage_seconds_count", $"stage=\"{stage}\"") > 0);

    [Fact]
    public void Outcomes_OfAnAnswer_ShowHowFarItsConfidenceWasOff()
    {
        var scale = $"scale=\"{watched.Single.Path[^1].Scale}\"";

        Assert.Equal(1, Scrape.Sum("m3_outcomes", scale));
        Assert.InRange(Scrape.Sum("m3_predictor_calibration_gap", scale), -1, 0);  // it was right, and never quite sure
        Assert.Contains("m3_predictor_calibration_gap", Scrape.Names);
    }

    [Fact]
    public void Dashboard_EveryMetricInIt_IsExported()
    {
        var file = Path.Combine(RepositoryRoot.Path, "src", "M3.Adaptive.Service", "Telemetry", "grafana.json");
        var panels = JsonNode.Parse(File.ReadAllText(file))?["panels"]?.AsArray() ?? [];
        var named = panels
            .SelectMany(static panel => panel?["targets"]?.AsArray() ?? [])
            .SelectMany(static target => Regex.Matches((string?)target?["expr"] ?? "", @"\b(m3|gen_ai|dotnet)_[a-z0-9_]+").Select(static match => match.Value))
            .Distinct()
            .ToList();

        Assert.True(named.Count >= 15, string.Join(' ', named));
        string[] ofTrials = ["m3_predictor_shadows_total", "m3_canary_right", "m3_canary_visual_tokens"];    // exported while a challenger is tried
        Assert.Empty(named.Except(Scrape.Names).Except(ofTrials));
    }

    [Fact]
    public void Traces_OfOneAnswer_HangTogetherFromTheCallToTheStore()
    {
        var trace = watched.Collector.Spans.GroupBy(static span => span.TraceId).First(static spans => spans.Any(static span => span.Name == "store"));
        var byId = trace.ToDictionary(static span => span.SpanId);

        var call = Assert.Single(trace, span => !byId.ContainsKey(span.ParentSpanId));
        Assert.Contains("Generate", call.Name, StringComparison.Ordinal);
        foreach (var name in (string[])["encode", "route", "generate", "store"])
        {
            var part = trace.First(span => span.Name == name);
            Assert.Equal("GenerateQuery", byId[part.ParentSpanId].Name);
            Assert.Equal(call.SpanId, byId[part.ParentSpanId].ParentSpanId);
        }
    }

    [Fact]
    public void Traces_OfAService_NameIt()
    {
        var resources = watched.Collector.Traces.SelectMany(static trace => trace.ResourceSpans).Select(static spans => spans.Resource);

        Assert.All(resources, resource => Assert.Contains(resource.Attributes, static pair => pair is { Key: "service.name", Value.StringValue: "m3-adaptive" }));
    }

    [Fact]
    public void Collector_GetsMetricsToo() => Assert.Contains("gen_ai.server.request.duration", watched.Collector.Everything, StringComparison.Ordinal);

    [Fact]
    public void Telemetry_HoldsNoWordOfAQuestionOrAnAnswer()
    {
        Assert.DoesNotContain("quartzmarmalade", watched.Collector.Everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("quartzmarmalade", Scrape.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("price of", watched.Collector.Everything, StringComparison.OrdinalIgnoreCase);
        Assert.All(watched.Collector.Spans.SelectMany(static span => span.Attributes), static pair => Assert.DoesNotContain("question", pair.Key, StringComparison.OrdinalIgnoreCase));
    }
}
