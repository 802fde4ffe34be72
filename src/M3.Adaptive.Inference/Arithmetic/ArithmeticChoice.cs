using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Backend;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>Which arithmetic a model gets on this machine.</summary>
internal static class ArithmeticChoice
{
    private const long MostWidenedBytes = 1L << 30;
    private const double WorthWidening = 0.8;                                     // of the seconds that weights as stored take: other work beside the measurement is off by less
    private const int DecodedTogether = 8;                                        // rows by which the way of decoding is chosen

    /// <summary>As what a model's weights are to be loaded.</summary>
    public static WeightStorage Storage(WeightChoice weights) => weights switch
    {
        WeightChoice.Auto => WeightStorage.AsStored,
        WeightChoice.BF16 or WeightChoice.Int8 => WeightStorage.BFloat16,
        _ => WeightStorage.Float32,
    };

    /// <summary>Call it on the thread that will own the model: what is measured here holds there. It takes some 0.2 seconds with a small model, a second with 100 million parameters.</summary>
    /// <param name="model">
    /// Weights as <see cref="Storage"/> says; outlives the result. Under <see cref="WeightChoice.Auto"/> those of a small one are widened to float32
    /// where that makes long prefills quicker.
    /// </param>
    /// <param name="weights">The wish.</param>
    /// <param name="threads">Of one pass.</param>
    /// <param name="time">Clock of the measurement.</param>
    /// <exception cref="ArgumentException">The weights were loaded in another type than the wish asks for.</exception>
    public static IArithmetic Make(M3Model model, WeightChoice weights, int threads, TimeProvider time)
    {
        if (weights == WeightChoice.Plain) return new PlainArithmetic(model);
        var (type, wished) = (model.Language.EmbeddingWeight.dtype, Storage(weights));
        if (wished != WeightStorage.AsStored && type != (wished == WeightStorage.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32))
            throw new ArgumentException($"The weights were loaded as {type}: expected {wished}.", nameof(model));

        using var scope = NewDisposeScope();                                      // of what reading the weights leaves
        var (int8, pool) = (weights == WeightChoice.Int8, new WorkerPool(threads));
        try
        {
            var measurement = new StartMeasurement(time);
            var width = measurement.Width(model.Language, model.Config.Language, int8, DecodedTogether);
            var table = measurement.Run(model.Language, model.Config.Language, pool, int8, width);
            if (weights == WeightChoice.Auto && type == ScalarType.BFloat16 && FitsWidened(model))
            {
                // A small model's weights may be widened once instead of at every use, and narrowed again without loss where that gains nothing.
                model.KeepIn(ScalarType.Float32);
                var widened = measurement.Run(model.Language, model.Config.Language, pool, int8, width);
                if (widened.SecondsOfMost < WorthWidening * table.SecondsOfMost) (type, table) = (ScalarType.Float32, widened);
                else model.KeepIn(type);
            }

            var passes = new Passes(model.Language, model.Config.Language, pool, int8, width);
            return new BatchedArithmetic(model, pool, passes, table, int8 ? Products.Kernels : table.For(DecodedTogether), QuickestEncoder(model, type, time));
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    private static bool FitsWidened(M3Model model) => model.parameters().Sum(static weight => weight.numel()) * sizeof(float) <= MostWidenedBytes;

    private static Encoder QuickestEncoder(M3Model model, ScalarType type, TimeProvider time)
    {
        var exact = new Encoder(model, ScalarType.Float32);
        if (type == ScalarType.Float32) return exact;
        var rounded = new Encoder(model, type);
        var side = model.Config.Vision.ImageSize;
        var blank = new float[3 * side * side];
        return Race.Quickest(time, [exact, rounded], encoder => encoder.Encode([blank]).Finish().Dispose());
    }
}
