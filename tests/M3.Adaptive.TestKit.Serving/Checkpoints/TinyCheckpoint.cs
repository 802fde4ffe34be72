using System.Text.Json;
using M3.Adaptive.TestKit.Tokenizer;

namespace M3.Adaptive.TestKit.Serving.Checkpoints;

/// <summary>
/// A checkpoint folder in the published format with random weights: a few hundred kilobytes, made in a moment, needed by tests
/// that are not about answers. Its answers are gibberish; it never ends one, so an answer is as long as it is allowed to be.
/// </summary>
public sealed class TinyCheckpoint : IDisposable
{
    private const int EndOfSequence = 2;
    private const int VisionWidth = 16, VisionLayers = 2, VisionHeads = 2, VisionMlp = 32;
    private const int Image = 336, Patch = 14, Positions = (Image / Patch * (Image / Patch)) + 1;
    private const int Width = 32, Layers = 2, Heads = 2, Mlp = 64, Context = 2048;
    private const int Vocabulary = TinyTokenizer.VocabularySize;

    private TinyCheckpoint(string folder) => Folder = folder;

    /// <summary>The checkpoint's own folder, removed with this object.</summary>
    public string Folder { get; }

    /// <param name="seed">Of the weights: another one is another model.</param>
    public static TinyCheckpoint Create(int seed = 1)
    {
        var checkpoint = new TinyCheckpoint(Directory.CreateTempSubdirectory("m3-tiny-").FullName);
        File.WriteAllText(Path.Combine(checkpoint.Folder, "config.json"), JsonSerializer.Serialize(Config));
        File.WriteAllBytes(Path.Combine(checkpoint.Folder, "tokenizer.model"), TinyTokenizer.Model);
        SafetensorsFile.Write(Path.Combine(checkpoint.Folder, "model.safetensors"), Tensors(new Random(seed)));
        return checkpoint;
    }

    private static object Config => new
    {
        architectures = (string[])["LlavaLlamaForCausalLM"],
        model_type = "llava_llama",
        hidden_size = Width,
        intermediate_size = Mlp,
        num_hidden_layers = Layers,
        num_attention_heads = Heads,
        num_key_value_heads = Heads,
        max_position_embeddings = Context,
        rms_norm_eps = 1e-5,
        rope_theta = 10_000.0,
        hidden_act = "silu",
        tie_word_embeddings = false,
        vocab_size = Vocabulary,
        bos_token_id = 1,
        eos_token_id = EndOfSequence,
        image_aspect_ratio = "pad",
        mm_hidden_size = VisionWidth,
        mm_projector_type = "mlp2x_gelu",
        mm_vision_select_feature = "patch",
        mm_vision_select_layer = -2,
        vision_config = new
        {
            model_type = "clip_vision_model",
            hidden_size = VisionWidth,
            num_hidden_layers = VisionLayers,
            num_attention_heads = VisionHeads,
            intermediate_size = VisionMlp,
            image_size = Image,
            patch_size = Patch,
            num_channels = 3,
            hidden_act = "quick_gelu",
            layer_norm_eps = 1e-5,
        },
    };

    private static IEnumerable<StoredTensor> Tensors(Random random) =>
    [
        .. VisionTower(random), .. Projector(random), .. Decoder(random),
    ];

    private static IEnumerable<StoredTensor> VisionTower(Random random)
    {
        const string tower = "model.vision_tower.vision_tower.vision_model";
        yield return StoredTensor.Normal($"{tower}.embeddings.class_embedding", random, VisionWidth);
        yield return StoredTensor.Normal($"{tower}.embeddings.patch_embedding.weight", random, VisionWidth, 3, Patch, Patch);
        yield return StoredTensor.Normal($"{tower}.embeddings.position_embedding.weight", random, Positions, VisionWidth);
        foreach (var norm in LayerNorm($"{tower}.pre_layrnorm", VisionWidth)) yield return norm;
        foreach (var norm in LayerNorm($"{tower}.post_layernorm", VisionWidth)) yield return norm;
        for (var layer = 0; layer < VisionLayers; layer++)
        {
            var block = $"{tower}.encoder.layers.{layer}";
            foreach (var norm in LayerNorm($"{block}.layer_norm1", VisionWidth)) yield return norm;
            foreach (var norm in LayerNorm($"{block}.layer_norm2", VisionWidth)) yield return norm;
            foreach (var projection in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            {
                foreach (var part in Linear($"{block}.self_attn.{projection}", random, VisionWidth, VisionWidth)) yield return part;
            }

            foreach (var part in Linear($"{block}.mlp.fc1", random, VisionMlp, VisionWidth)) yield return part;
            foreach (var part in Linear($"{block}.mlp.fc2", random, VisionWidth, VisionMlp)) yield return part;
        }
    }

    private static IEnumerable<StoredTensor> Projector(Random random) =>
    [
        .. Linear("model.mm_projector.0", random, Width, VisionWidth),
        .. Linear("model.mm_projector.2", random, Width, Width),
    ];

    private static IEnumerable<StoredTensor> Decoder(Random random)
    {
        yield return StoredTensor.Normal("model.embed_tokens.weight", random, Vocabulary, Width);
        yield return StoredTensor.Ones("model.norm.weight", Width);
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"model.layers.{layer}";
            yield return StoredTensor.Ones($"{block}.input_layernorm.weight", Width);
            yield return StoredTensor.Ones($"{block}.post_attention_layernorm.weight", Width);
            foreach (var projection in (string[])["q_proj", "k_proj", "v_proj", "o_proj"])
            {
                yield return StoredTensor.Normal($"{block}.self_attn.{projection}.weight", random, Width, Width);
            }

            yield return StoredTensor.Normal($"{block}.mlp.gate_proj.weight", random, Mlp, Width);
            yield return StoredTensor.Normal($"{block}.mlp.up_proj.weight", random, Mlp, Width);
            yield return StoredTensor.Normal($"{block}.mlp.down_proj.weight", random, Width, Mlp);
        }

        // A row of zeros is a logit of 0, and the largest of several hundred random ones is always above that.
        var head = StoredTensor.Normal("lm_head.weight", random, Vocabulary, Width);
        head.Values.AsSpan(EndOfSequence * Width, Width).Clear();
        yield return head;
    }

    private static IEnumerable<StoredTensor> LayerNorm(string name, int width) =>
        [StoredTensor.Ones($"{name}.weight", width), StoredTensor.Zeros($"{name}.bias", width)];

    private static IEnumerable<StoredTensor> Linear(string name, Random random, int outputs, int inputs) =>
        [StoredTensor.Normal($"{name}.weight", random, outputs, inputs), StoredTensor.Zeros($"{name}.bias", outputs)];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
