using M3.Adaptive.Model;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>Which arithmetic a model gets on this machine.</summary>
internal static class ArithmeticChoice
{
    /// <summary>Call it on the thread that will own the model: what is measured here holds there.</summary>
    /// <param name="loaded">Outlives the result.</param>
    /// <param name="options">The wish, and the threads of one pass.</param>
    public static IArithmetic Make(LoadedModel loaded, InferenceOptions options) => options.Weights switch
    {
        WeightChoice.Auto or WeightChoice.Plain => new PlainArithmetic(loaded.Model),
        var other => throw new NotSupportedException($"There is no arithmetic for weights in {other} yet."),
    };
}
