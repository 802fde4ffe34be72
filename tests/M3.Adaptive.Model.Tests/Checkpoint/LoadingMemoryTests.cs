using System.Globalization;
using System.Runtime.InteropServices;
using M3.Adaptive.Model.Checkpoint;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>Runs alone: it watches the memory of the whole process.</summary>
[CollectionDefinition(nameof(LoadingMemoryTests), DisableParallelization = true)]
[Collection(nameof(LoadingMemoryTests))]
public sealed class LoadingMemoryTests : IDisposable
{
    private readonly TempFolder _temp = new();

    [Theory]
    [InlineData(TensorType.BFloat16)]
    [InlineData(TensorType.Float32)]
    public unsafe void Load_LargeModel_PeaksNearItsOwnSize(TensorType stored)
    {
        var config = TinyCheckpoint.Config with { Language = TinyCheckpoint.Config.Language with { HiddenSize = 512, VocabularySize = 40_000 } };
        const long rows = 40_000, columns = 512, bytes = rows * columns * sizeof(float);
        Write(config, rows, columns, stored);
        using var folder = CheckpointFolder.Open(_temp.Combine("large"));
        var (embed, head) = ((nint)NativeMemory.Alloc((nuint)bytes), (nint)NativeMemory.Alloc((nuint)bytes));
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");      // forget the peak so far
        var before = Peak();

        ParameterLoader.Load(folder, [Slot("embed_tokens.weight", embed), Slot("lm_head.weight", head)]);

        var grown = Peak() - before;
        NativeMemory.Free((void*)embed);
        NativeMemory.Free((void*)head);
        Assert.InRange(grown, (long)(1.9 * bytes), (long)(1.2 * 2 * bytes));

        ParameterSlot Slot(string name, nint memory) => new(name, [rows, columns], TensorType.Float32, () => new Span<byte>((void*)memory, (int)bytes));
    }

    public void Dispose() => _temp.Dispose();

    private static long Peak()
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
    }

    private void Write(ModelConfig config, long rows, long columns, TensorType type)
    {
        var values = new float[rows * columns];
        Array.Fill(values, 0.5f);
        TinyCheckpoint.Write(_temp.Combine("large"), config: TinyCheckpoint.Config);
        File.WriteAllBytes(_temp.Combine("large", "config.json"), ModelConfigWriter.ToJson(config));
        SafetensorsWriter.Write(
            _temp.Combine("large", "model.safetensors"),
            [new TensorSource("model.embed_tokens.weight", type, [rows, columns], () => values), new TensorSource("lm_head.weight", type, [rows, columns], () => values)]);
    }
}
