using M3.Adaptive.Core;
using M3.Adaptive.Model.Backend;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;
using TorchSharp;

namespace M3.Adaptive.Model;

/// <summary>A checkpoint ready for use: network, tokenizer and preprocessing that belong together. Owns the network.</summary>
public sealed class LoadedModel : IDisposable
{
    private readonly Preprocessor _preprocessor;

    /// <summary>Takes over parts that fit each other.</summary>
    public LoadedModel(ModelIdentity identity, M3Model model, SentencePieceTokenizer tokenizer, Preprocessor preprocessor)
    {
        (Identity, Model, Tokenizer, _preprocessor) = (identity, model, tokenizer, preprocessor);
        Prompt = new VicunaPrompt(tokenizer, model.Config.LowercaseQuestions);
    }

    public ModelIdentity Identity { get; }

    public ModelConfig Config => Model.Config;

    public M3Model Model { get; }

    public SentencePieceTokenizer Tokenizer { get; }

    public VicunaPrompt Prompt { get; }

    /// <summary>
    /// Loads a folder in the published format, tensor by tensor: memory peaks at the loaded size and one tensor. Weights that stay in bfloat16
    /// are mapped where they lie in the file, which must not change while the model is used. All of them are read, as the identity is a hash
    /// over them.
    /// </summary>
    /// <exception cref="CheckpointException">Something is missing, malformed or does not fit.</exception>
    /// <exception cref="TokenizerException">The tokenizer is no SentencePiece model.</exception>
    /// <exception cref="LibtorchException">Tensors cannot be had on this machine.</exception>
    public static LoadedModel Open(string directory, WeightStorage storage = WeightStorage.Float32)
    {
        Libtorch.Require();
        using var folder = CheckpointFolder.Open(directory);
        CheckGrid(folder);
        var tokenizer = folder.OpenTokenizer();
        M3Model? model = null;
        try
        {
            if (IsHalf(folder, storage))
            {
                model = new M3Model(folder.Config, torch.META);
                ModuleParameters.Map(folder, model);
            }
            else
            {
                model = new M3Model(folder.Config);
                ModuleParameters.Load(folder, model.Weights());
            }

            model.eval();
            return new LoadedModel(folder.Identify(), model, tokenizer, Preprocessor.FromConfig(folder.Preprocessor));
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    /// <summary>A picture's bytes as the vision tower's input, [3, S, S]; computes no tensors and may run on any thread.</summary>
    /// <exception cref="InvalidImageException">The bytes are no picture that the product reads.</exception>
    public float[] ReadPixels(ReadOnlySpan<byte> image)
    {
        using var picture = ImageDecoder.Decode(image, ImageLimits.Default);
        return _preprocessor.Pixels(picture);
    }

    public void Dispose() => Model.Dispose();

    private static bool IsHalf(CheckpointFolder folder, WeightStorage storage) => storage switch
    {
        WeightStorage.AsStored => folder.Tensors.TryGetValue("embed_tokens.weight", out var stored) && stored.Type is TensorType.BFloat16 or TensorType.Float16,
        _ => storage == WeightStorage.BFloat16,
    };

    private static void CheckGrid(CheckpointFolder folder)
    {
        var file = Path.Combine(folder.Path, CheckpointFolder.ConfigFile);
        var patches = folder.Config.Vision.PatchCount;
        if (patches != VisualScale.Finest.Tokens)
            throw new CheckpointException(file, $"the vision tower gives {patches} patches: the ladder needs {VisualScale.Finest.Tokens}");
        if (!folder.Config.Scales.Any(scale => VisualScale.TryOf(scale, out _)))
            throw new CheckpointException(file, "matryoshka_vis_token_scale lists none of the ladder's rungs: expected some of 1, 9, 36, 144 and 576");
    }
}
