using System.Collections.Concurrent;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Inference.Tests.Golden;

/// <summary>One generator for each checkpoint folder, kept for the whole run.</summary>
internal static class Generators
{
    private static readonly ConcurrentDictionary<string, Lazy<M3Generator>> Opened = new();

    public static M3Generator Of(string folder) => Opened.GetOrAdd(folder, static path => new(() =>
        new M3Generator(LoadedModel.Open(path), new() { ModelDirectory = path, Threads = 2 }, TimeProvider.System, NullLogger<M3Generator>.Instance))).Value;
}
