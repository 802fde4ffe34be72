using System.Globalization;
using System.IO.MemoryMappedFiles;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Network;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>Runs alone: it watches the memory of the whole process.</summary>
[CollectionDefinition(nameof(LoadingMemoryTests), DisableParallelization = true)]
[Collection(nameof(LoadingMemoryTests))]
public sealed class LoadingMemoryTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();

    [Theory]
    [InlineData(TensorType.BFloat16)]
    [InlineData(TensorType.Float32)]
    public void Load_LargeModel_PeaksNearItsOwnSize(TensorType stored)
    {
        var config = TinyCheckpoint.Config with { Language = TinyCheckpoint.Config.Language with { HiddenSize = 512, VocabularySize = 40_000 } };
        const long rows = 40_000, columns = 512, bytes = rows * columns * sizeof(float);
        Write(config, rows, columns, stored);
        using var folder = CheckpointFolder.Open(_temp.Combine("large"));
        using var embed = new FreshPages(bytes);
        using var head = new FreshPages(bytes);
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");      // forget the peak so far
        var before = Peak();

        ParameterLoader.Load(folder, [Slot("embed_tokens.weight", embed), Slot("lm_head.weight", head)]);

        var grown = Peak() - before;
        Assert.InRange(grown, (long)(1.9 * bytes), (long)(1.2 * 2 * bytes));

        static ParameterSlot Slot(string name, FreshPages memory) => new(name, [rows, columns], TensorType.Float32, () => memory.Bytes);
    }

    public void Dispose() => _temp.Dispose();

    private static long Peak()
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Memory that no earlier test can have touched: the allocator hands out what it kept, already resident, and nothing would grow.</summary>
    private sealed unsafe class FreshPages : IDisposable
    {
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _view;
        private readonly byte* _pointer;
        private readonly int _length;

        public FreshPages(long bytes)
        {
            _file = MemoryMappedFile.CreateNew(null, bytes);
            _view = _file.CreateViewAccessor();
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
            _length = (int)bytes;
        }

        public Span<byte> Bytes => new(_pointer, _length);

        public void Dispose()
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
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
