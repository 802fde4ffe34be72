using System.Collections.Concurrent;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Inference.Tests.Golden;

/// <summary>One generator for each checkpoint folder and arithmetic, kept for the whole run.</summary>
internal static class Generators
{
    private static readonly ConcurrentDictionary<(string, WeightChoice), Lazy<M3Generator>> Opened = new();

    public static M3Generator Of(string folder, WeightChoice weights) => Opened.GetOrAdd((folder, weights), static model => new(() => M3Generator.Open(
        new() { ModelDirectory = model.Item1, Weights = model.Item2, Threads = 2 }, TimeProvider.System, NullLogger<M3Generator>.Instance))).Value;
}
