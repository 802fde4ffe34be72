using M3.Adaptive.Training.ModelTraining;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class TrainingArithmeticTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("m3-arithmetic-").FullName;

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Of_ARunThatGoesOn_KeepsWhatItBeganWith(ScalarType first)
    {
        var folder = new TrainingFolder(Path.Combine(_root, "run"));
        TrainingArithmetic.Of(folder, CPU, () => first);

        var later = TrainingArithmetic.Of(folder, CPU, () => throw new InvalidOperationException("measured again"));

        Assert.Equal(first, later);
    }

    [Fact]
    public void Of_AFileThatNamesNoSuchType_IsMeasuredAnew()
    {
        var folder = new TrainingFolder(_root);
        File.WriteAllText(folder.Arithmetic, "Int8");

        Assert.Equal(ScalarType.Float32, TrainingArithmetic.Of(folder, CPU, () => ScalarType.Float32));
    }

    [Fact]
    public void Quickest_OfTwoThatTookTheSame_IsFloat32()
    {
        var quickest = TrainingArithmetic.Quickest(workers: 2, new FakeTimeProvider());   // whose clock stands still: the first wins

        Assert.Equal(ScalarType.Float32, quickest);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
