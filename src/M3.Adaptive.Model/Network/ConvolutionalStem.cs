using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>
/// The small convolutional patch embedding of m3-nano: patches of 12 pixels by strides 2, 2 and 3, with residual pairs of
/// 3 x 3 convolutions between. Trains with batch normalisation after each convolution, which <see cref="FoldBatchNorm"/>
/// folds into the weights: a served stem has convolutions only.
/// </summary>
/// <remarks>Tensor keys: <c>0..8.{weight,bias}</c>, in the order in which the convolutions run.</remarks>
public sealed class ConvolutionalStem : Module<Tensor, Tensor>
{
    // Strides 2, 2 and 3 cut patches of 12 pixels; the pairs 2-3, 5-6 and 7-8 are residual.
    private static readonly (int Stride, int Padding)[] Geometry = [(2, 1), (2, 1), (1, 1), (1, 1), (3, 0), (1, 1), (1, 1), (1, 1), (1, 1)];

    private readonly Conv2d[] _convolutions;
    private readonly BatchNorm2d[] _norms;

    public ConvolutionalStem(VisionConfig config, bool batchNorm, Device? device) : base(nameof(ConvolutionalStem))
    {
        var (narrow, middle) = (config.StemChannels[0], config.StemChannels[1]);
        var wide = config.HiddenSize;
        int[] channels = [config.Channels, narrow, middle, middle, middle, wide, wide, wide, wide, wide];
        _convolutions = [.. Geometry.Select((g, i) => Conv2d(channels[i], channels[i + 1], 3, g.Stride, g.Padding, device: device))];
        _norms = batchNorm ? [.. _convolutions.Select(convolution => BatchNorm2d(convolution.weight!.shape[0]))] : [];

        for (var i = 0; i < _convolutions.Length; i++) register_module($"{i}", _convolutions[i]);
        for (var i = 0; i < _norms.Length; i++) register_module($"norm{i}", _norms[i]);
    }

    public override Tensor forward(Tensor pixels)                                 // [B, 3, S, S]
    {
        var x = Step(1, Step(0, ChannelsLast(pixels)));                           // [B, 48, S/4, S/4]
        x = Residual(2, x);
        x = Step(4, x);                                                           // [B, C, g, g]
        x = Residual(5, x);
        return Residual(7, x);
    }

    /// <summary>Writes this stem's evaluation-mode arithmetic, running statistics and affine maps included, into one without normalisation.</summary>
    public void FoldBatchNorm(ConvolutionalStem into)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        for (var i = 0; i < _convolutions.Length; i++)
        {
            var (convolution, norm, target) = (_convolutions[i], _norms[i], into._convolutions[i]);
            var gain = norm.weight! / (norm.running_var! + BatchNormEps).sqrt();  // [C]
            target.weight!.copy_(convolution.weight! * gain.reshape(-1, 1, 1, 1));
            target.bias!.copy_((convolution.bias! - norm.running_mean!) * gain + norm.bias!);
        }
    }

    private const double BatchNormEps = 1e-5;                                     // BatchNorm2d's default

    // The same shape with a pixel's channels side by side: convolutions keep that order and are quicker in it, as libtorch reorders nothing in between.
    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    private Tensor Residual(int first, Tensor x) => x.Plus(Convolve(first + 1, Step(first, x))).relu_();

    private Tensor Step(int i, Tensor x) => Convolve(i, x).relu_();

    private Tensor Convolve(int i, Tensor x)
    {
        var (stride, padding) = Geometry[i];
        x = _convolutions[i].Apply(x, stride, padding);
        return _norms.Length > 0 ? _norms[i].call(x) : x;
    }
}
