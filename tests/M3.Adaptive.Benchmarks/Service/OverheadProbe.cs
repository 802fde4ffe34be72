using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.Service.Hosting;
using M3.Adaptive.Service.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace M3.Adaptive.Benchmarks.Service;

/// <summary>
/// The real service around a model that answers at once, until its standard input ends; then it prints what its calls took as it saw them. Run as a process
/// of its own, so that nothing else is in its memory and on its threads.
/// </summary>
internal static class OverheadProbe
{
    /// <param name="warmUp">Calls that are not counted.</param>
    public static async Task<int> RunAsync(int warmUp)
    {
        using var times = new CallTimes();
        var settings = new SettingsSources(null, [new StatedSetting("Server:Port", "0", "--port", static known => known), new StatedSetting("Web:Enabled", "false", "--no-web", static known => known)]);
        await ServiceHost.RunAsync(
            settings, stopWithInput: true, services =>
            {
                services.AddSingleton<IGenerator>(static provider => new RecordedGenerator(provider.GetRequiredService<M3Generator>()));
                Arrivals.AddTo(services, times);
            });
        Console.WriteLine(JsonSerializer.Serialize(times.Figures(warmUp)));
        return 0;
    }
}
