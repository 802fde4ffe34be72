using System.Diagnostics.CodeAnalysis;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// Tensor names of every published key style to canonical ones, which are the network's own module paths:
/// <c>vision_tower.*</c>, <c>mm_projector.{0,2}.*</c>, <c>embed_tokens</c>, <c>layers.N.*</c>, <c>norm</c>, <c>lm_head</c>.
/// </summary>
public static class TensorNames
{
    // (prefix in the file, canonical prefix); the first that fits wins, so longer ones stand before what they begin with.
    private static readonly (string Stored, string Canonical)[] Renames =
    [
        // LLaVA, as M3 is published; these, and model. for the rest, are what is written.
        ("model.vision_tower.vision_tower.vision_model.", "vision_tower."),
        ("model.mm_projector.", "mm_projector."),
        ("lm_head.", "lm_head."),

        // LLaVA with a tower of a newer transformers library, which has no vision_model.
        ("model.vision_tower.vision_tower.", "vision_tower."),

        // Converted for the transformers library: classic, then as a module's state, then without vision_model.
        ("vision_tower.vision_model.", "vision_tower."),
        ("multi_modal_projector.linear_1.", "mm_projector.0."),
        ("multi_modal_projector.linear_2.", "mm_projector.2."),
        ("language_model.model.", ""),
        ("language_model.lm_head.", "lm_head."),
        ("model.vision_tower.vision_model.", "vision_tower."),
        ("model.multi_modal_projector.linear_1.", "mm_projector.0."),
        ("model.multi_modal_projector.linear_2.", "mm_projector.2."),
        ("model.language_model.", ""),
        ("model.vision_tower.", "vision_tower."),
        ("vision_tower.", "vision_tower."),

        // LLaVA's language model.
        ("model.", ""),
    ];

    private static readonly string[] Modules = ["vision_tower.", "mm_projector.", "embed_tokens.", "layers.", "norm.", "lm_head."];

    /// <summary>The canonical name of a stored one; false when it belongs to no part of the model.</summary>
    public static bool TryGetCanonical(string stored, [NotNullWhen(true)] out string? canonical)
    {
        ArgumentNullException.ThrowIfNull(stored);
        foreach (var (prefix, replacement) in Renames)
        {
            if (!stored.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var name = replacement + stored[prefix.Length..];
            canonical = Modules.Any(module => name.StartsWith(module, StringComparison.Ordinal)) ? name : null;
            return canonical is not null;
        }

        canonical = null;
        return false;
    }

    /// <summary>The name of a canonical tensor in the published LLaVA style.</summary>
    public static string ToLlava(string canonical)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        foreach (var (prefix, replacement) in Renames.AsSpan(0, 3))
        {
            if (canonical.StartsWith(replacement, StringComparison.Ordinal)) return prefix + canonical[replacement.Length..];
        }

        return "model." + canonical;
    }

    /// <summary>Buffers that old versions stored beside the weights; they carry none.</summary>
    public static bool IsBuffer(string stored) =>
        stored.EndsWith(".position_ids", StringComparison.Ordinal) || stored.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
