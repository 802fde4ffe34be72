using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace M3.Adaptive.Inference.Tests;

public sealed class InferenceRegistrationTests
{
    [Fact]
    public async Task AddM3Inference_FolderInTheSettings_AnswersWithThatModel()
    {
        using var checkpoint = TinyCheckpoint.Create();
        await using var provider = Provider(("ModelDirectory", checkpoint.Folder), ("Threads", "1"));

        var generator = provider.GetRequiredService<IGenerator>();

        Assert.Equal(Path.GetFileName(checkpoint.Folder), generator.Model.Name);
        Assert.Same(generator, provider.GetRequiredService<M3Generator>());
        using var image = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);
        Assert.Equal(5, image.Evidence.PoolingResiduals.Length);
    }

    [Theory]
    [InlineData("ModelDirectory", "")]
    [InlineData("Threads", "0")]
    [InlineData("MaxWaiting", "0")]
    [InlineData("MaxRunning", "0")]
    [InlineData("MaxStall", "00:00:00")]
    [InlineData("KvCacheBytes", "0")]
    [InlineData("WaitingPictureBytes", "0")]
    [InlineData("PictureKvBytes", "-1")]
    [InlineData("VisionCacheBytes", "-1")]
    [InlineData("VisionCacheImages", "-1")]
    public void AddM3Inference_WrongSetting_IsRefusedByName(string setting, string value)
    {
        using var provider = Provider((setting, value), ("ModelDirectory", "models/some"));

        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IGenerator>());

        Assert.Contains(setting, fault.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Provider(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create<string, string?>($"{InferenceOptions.Section}:{pair.Name}", pair.Value)).DistinctBy(pair => pair.Key))
            .Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddM3Inference()
            .BuildServiceProvider();
    }
}
