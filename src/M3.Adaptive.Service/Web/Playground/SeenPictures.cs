using M3.Adaptive.Inference;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>Pictures as the model sees them: upright, squared and at its own size. One is unpacked at a time, as a large one takes much memory.</summary>
internal sealed class SeenPictures(IOptions<InferenceOptions> model) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lazy<PreprocessorConfig> _input = new(() => InputOf(model.Value.ModelDirectory));

    /// <returns>A PNG as a data URI.</returns>
    /// <exception cref="Core.InvalidImageException">The bytes are no picture that is read.</exception>
    public async Task<string> SeeAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var png = await Task.Run(() => ModelView.Png(file.Span, _input.Value), cancellation);
            return $"data:image/png;base64,{Convert.ToBase64String(png)}";
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static PreprocessorConfig InputOf(string folder) =>
        PreprocessorConfigReader.Read(folder, ModelConfigReader.Read(Path.Combine(folder, CheckpointFolder.ConfigFile)).Vision.ImageSize);
}
