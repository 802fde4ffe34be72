using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Requests of the wire contract as use cases. What was not sent becomes null; judging is the use cases' own business.</summary>
internal static class RequestMapping
{
    /// <param name="deadline">gRPC's own, in UTC; <see cref="DateTime.MaxValue"/> is none.</param>
    public static GenerateQuery ToQuery(Wire.GenerateRequest request, Caller caller, DateTime deadline) => new()
    {
        Caller = caller,
        RequestId = request.HasRequestId ? request.RequestId : null,
        Image = ToSource(request.Image),
        Question = request.Question,
        Routing = ToWish(request.Routing),
        Decoding = ToWish(request.Decoding),
        Deadline = deadline == DateTime.MaxValue ? null : new DateTimeOffset(deadline, TimeSpan.Zero),
    };

    public static RouteQuery ToQuery(Wire.RouteRequest request, Caller caller) => new()
    {
        Caller = caller,
        RequestId = request.HasRequestId ? request.RequestId : null,
        Image = ToSource(request.Image),
        Question = request.Question,
        Routing = ToWish(request.Routing),
        MaxNewTokens = request.HasMaxNewTokens ? request.MaxNewTokens : null,
        Decoding = ToWish(request.Decoding),
    };

    // The message is ours from here on and nobody changes it, so its bytes need no copy.
    private static ImageSource? ToSource(Wire.Image? image) => image?.SourceCase switch
    {
        Wire.Image.SourceOneofCase.Data => new ImageSource.Bytes(image.Data.Memory),
        Wire.Image.SourceOneofCase.Sha256 => new ImageSource.Cached(new ImageHash(image.Sha256)),
        _ => null,
    };

    private static RoutingWish ToWish(Wire.RoutingOptions? routing) => routing is null ? RoutingWish.Default : new RoutingWish
    {
        Policy = ToPolicy(routing),
        MinScale = routing.HasMinScale ? routing.MinScale : null,
        MaxScale = routing.HasMaxScale ? routing.MaxScale : null,
        Caps = ToCaps(routing.Caps),
        Escalation = ToWish(routing.Escalation),
        AllowExploration = routing.HasAllowExploration ? routing.AllowExploration : null,
    };

    private static PolicyWish? ToPolicy(Wire.RoutingOptions routing) => routing.PolicyCase switch
    {
        Wire.RoutingOptions.PolicyOneofCase.Fixed => new PolicyWish.Fixed(routing.Fixed.HasScale ? routing.Fixed.Scale : null),
        Wire.RoutingOptions.PolicyOneofCase.Quality => new PolicyWish.Quality(routing.Quality.HasRisk ? routing.Quality.Risk : null),
        Wire.RoutingOptions.PolicyOneofCase.Target => new PolicyWish.Target(routing.Target.HasMeanVisualTokens ? routing.Target.MeanVisualTokens : null),
        Wire.RoutingOptions.PolicyOneofCase.Economy => ToWish(routing.Economy),
        _ => null,
    };

    private static PolicyWish.Economy ToWish(Wire.EconomyPolicy economy) => new(
        economy.HasPricePerVisualToken ? economy.PricePerVisualToken : null,
        economy.HasPricePerGigaflop ? economy.PricePerGigaflop : null,
        economy.HasPricePerSecond ? economy.PricePerSecond : null);

    private static Caps ToCaps(Wire.Caps? caps) => caps is null
        ? Caps.None
        : new Caps(caps.HasVisualTokens ? caps.VisualTokens : null, caps.HasFlops ? caps.Flops : null);

    private static EscalationWish ToWish(Wire.Escalation? escalation) => new(
        escalation is { HasEnabled: true } ? escalation.Enabled : null,
        escalation is { HasMaxEscalations: true } ? escalation.MaxEscalations : null);

    private static DecodingWish ToWish(Wire.DecodingOptions? decoding) => new(
        decoding is { HasMaxNewTokens: true } ? decoding.MaxNewTokens : null,
        decoding is { HasTemperature: true } ? decoding.Temperature : null,
        decoding is { HasTopP: true } ? decoding.TopP : null,
        decoding is { HasSeed: true } ? decoding.Seed : null)
    { Stop = decoding is { Stop.Count: > 0 } ? [.. decoding.Stop] : [] };
}
