namespace M3.Adaptive.Service.Refusals;

/// <summary>How refusals are written where gRPC is not spoken: a feature of the connections concerned.</summary>
internal interface IRefusalForm
{
    /// <summary>Ends a request that has not been answered at all.</summary>
    Task WriteAsync(HttpContext context, Refusal refusal);
}
