using M3.Adaptive.Model.Checkpoint;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>The parameters of a model with CLIP's tower, written down from the published list of names, as memory to load into.</summary>
internal sealed class ExpectedParameters
{
    private readonly Dictionary<string, (long[] Shape, byte[] Bytes)> _parameters = [];
    private readonly TensorType _type;

    public ExpectedParameters(ModelConfig config, TensorType type = TensorType.Float32)
    {
        _type = type;
        AddVision(config.Vision, config.VisionBlocksUsed);
        var (v, d) = (config.Vision.HiddenSize, config.Language.HiddenSize);
        AddLinear("mm_projector.0", d, v);
        AddLinear("mm_projector.2", d, d);
        AddLanguage(config.Language);
    }

    public IReadOnlyDictionary<string, (long[] Shape, byte[] Bytes)> All => _parameters;

    public IEnumerable<ParameterSlot> Slots =>
        _parameters.Select(parameter => new ParameterSlot(parameter.Key, parameter.Value.Shape, _type, () => parameter.Value.Bytes));

    /// <summary>Random values from a seed, in the form that a checkpoint is written from.</summary>
    public IEnumerable<(string Name, IReadOnlyList<long> Shape, TensorValues Values)> RandomTensors(int seed)
    {
        var random = new Random(seed);
        foreach (var (name, (shape, _)) in _parameters)
        {
            var values = new float[shape.Aggregate(1L, (product, extent) => product * extent)];
            for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle() - 0.5f;
            yield return (name, shape, () => values);
        }
    }

    private void AddVision(VisionConfig vision, int blocks)
    {
        var c = vision.HiddenSize;
        Add("vision_tower.embeddings.class_embedding", c);
        Add("vision_tower.embeddings.patch_embedding.weight", c, vision.Channels, vision.PatchSize, vision.PatchSize);
        Add("vision_tower.embeddings.position_embedding.weight", vision.PatchCount + 1, c);
        AddNorm("vision_tower.pre_layrnorm", c);
        for (var i = 0; i < blocks; i++)
        {
            var block = $"vision_tower.encoder.layers.{i}.";
            AddNorm(block + "layer_norm1", c);
            foreach (var projection in (string[])["q_proj", "k_proj", "v_proj", "out_proj"]) AddLinear($"{block}self_attn.{projection}", c, c);
            AddNorm(block + "layer_norm2", c);
            AddLinear(block + "mlp.fc1", vision.IntermediateSize, c);
            AddLinear(block + "mlp.fc2", c, vision.IntermediateSize);
        }
    }

    private void AddLanguage(LanguageConfig language)
    {
        var (d, f, kv) = (language.HiddenSize, language.IntermediateSize, language.KeyValueHeadCount * language.HeadSize);
        Add("embed_tokens.weight", language.VocabularySize, d);
        for (var i = 0; i < language.LayerCount; i++)
        {
            var block = $"layers.{i}.";
            Add(block + "input_layernorm.weight", d);
            Add(block + "self_attn.q_proj.weight", d, d);
            Add(block + "self_attn.k_proj.weight", kv, d);
            Add(block + "self_attn.v_proj.weight", kv, d);
            Add(block + "self_attn.o_proj.weight", d, d);
            Add(block + "post_attention_layernorm.weight", d);
            Add(block + "mlp.gate_proj.weight", f, d);
            Add(block + "mlp.up_proj.weight", f, d);
            Add(block + "mlp.down_proj.weight", d, f);
        }

        Add("norm.weight", d);
        if (!language.TieWordEmbeddings) Add("lm_head.weight", language.VocabularySize, d);
    }

    private void AddLinear(string name, int outputs, int inputs)
    {
        Add(name + ".weight", outputs, inputs);
        Add(name + ".bias", outputs);
    }

    private void AddNorm(string name, int channels)
    {
        Add(name + ".weight", channels);
        Add(name + ".bias", channels);
    }

    private void Add(string name, params long[] shape) =>
        _parameters.Add(name, (shape, new byte[shape.Aggregate(1L, (product, extent) => product * extent) * _type.Size()]));
}
