using TorchSharp.Modules;
using static TorchSharp.Native.Operators;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>x W^T + b, drawn uniformly within 1/sqrt(inputs).</summary>
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
            {
                in_features = inputSize;
                out_features = outputSize;
                register_parameter("weight", new Parameter(empty([outputSize, inputSize], dtype, device)));
                nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
                if (!hasBias) return;
                register_parameter("bias", new Parameter(empty([outputSize], dtype, device)));
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                nn.init.uniform_(get_parameter("bias")!, -bound, bound); // registered on the line above
            }

            public long in_features { get; }
            public long out_features { get; }
            public Parameter weight => get_parameter("weight")!; // registered by the constructor
            public Parameter? bias => get_parameter("bias");

            public override Tensor forward(Tensor input) => F.linear(input, weight, bias);
        }

        /// <summary>One normally drawn row per index; the row at padding_idx starts at zero and gets no gradient.</summary>
        public sealed class Embedding : nn.Module<Tensor, Tensor>
        {
            private readonly long _paddingIndex;
            private readonly double? _maxNorm;
            private readonly double _normType;
            private readonly bool _scaleByFrequency;
            private readonly bool _sparse;

            internal Embedding(
                long count, long size, long? paddingIndex, double? maxNorm, double normType, bool scaleByFrequency, bool sparse,
                Device? device, ScalarType? dtype) : base(nameof(Embedding))
            {
                (_maxNorm, _normType, _scaleByFrequency, _sparse) = (maxNorm, normType, scaleByFrequency, sparse);
                _paddingIndex = paddingIndex is { } index ? (index < 0 ? index + count : index) : -1;
                register_parameter("weight", new Parameter(empty([count, size], dtype, device)));
                nn.init.normal_(weight);
                if (_paddingIndex < 0) return;
                using var rows = weight.detach();
                using var padding = rows.select(0, _paddingIndex);
                padding.zero_();
            }

            public Parameter weight => get_parameter("weight")!; // registered by the constructor

            public override Tensor forward(Tensor input)
            {
                if (_maxNorm is { } limit)
                {
                    using var recording = no_grad();
                    CallInPlace("embedding_renorm_", weight, input, limit, _normType);
                }
                return Call("embedding", weight, input, _paddingIndex, _scaleByFrequency, _sparse);
            }
        }

        /// <summary>Normalises the last dimensions to mean 0 and variance 1, then scales and shifts.</summary>
        public sealed class LayerNorm : nn.Module<Tensor, Tensor>
        {
            private readonly long[] _shape;

            internal LayerNorm(long[] shape, double eps, bool affine, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
            {
                _shape = shape;
                this.eps = eps;
                if (affine) register_parameter("weight", new Parameter(ones(shape, dtype, device)));
                if (affine && hasBias) register_parameter("bias", new Parameter(zeros(shape, dtype, device)));
            }

            public double eps { get; }
            public Parameter? weight => get_parameter("weight");
            public Parameter? bias => get_parameter("bias");

            public override Tensor forward(Tensor tensor) => F.layer_norm(tensor, _shape, weight, bias, eps);
        }

        /// <summary>2-D cross-correlation over [B, C, height, width].</summary>
        public sealed class Conv2d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] _strides;
            private readonly long[] _padding;
            private readonly long[] _dilation;
            private readonly PaddingModes _paddingMode;
            private readonly long _groups;

            internal Conv2d(
                long inputs, long outputs, long[] kernel, long[] strides, long[] padding, long[] dilation, PaddingModes paddingMode,
                long groups, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Conv2d))
            {
                (_strides, _padding, _dilation, _paddingMode, _groups) = (strides, padding, dilation, paddingMode, groups);
                register_parameter("weight", new Parameter(empty([outputs, inputs / groups, .. kernel], dtype, device)));
                nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
                if (!hasBias) return;
                register_parameter("bias", new Parameter(empty([outputs], dtype, device)));
                var bound = 1 / Math.Sqrt(nn.init.CalculateFanInAndFanOut(weight).fanIn);
                nn.init.uniform_(get_parameter("bias")!, -bound, bound); // registered on a line above
            }

            public Parameter weight => get_parameter("weight")!; // registered by the constructor
            public Parameter? bias => get_parameter("bias");

            public override Tensor forward(Tensor input)
            {
                if (_paddingMode == PaddingModes.Zeros) return F.conv2d(input, weight, bias, _strides, _padding, _dilation, _groups);
                using var padded = F.pad(input, [_padding[1], _padding[1], _padding[0], _padding[0]], _paddingMode);
                return F.conv2d(padded, weight, bias, _strides, [0, 0], _dilation, _groups);
            }
        }

        /// <summary>Normalises each channel of [B, C, height, width] over the batch while training, by running statistics otherwise.</summary>
        public sealed class BatchNorm2d : nn.Module<Tensor, Tensor>
        {
            private readonly double _eps;
            private readonly double _momentum;

            internal BatchNorm2d(
                long features, double eps, double momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype)
                : base(nameof(BatchNorm2d))
            {
                (_eps, _momentum) = (eps, momentum);
                if (affine)
                {
                    register_parameter("weight", new Parameter(ones([features], dtype, device)));
                    register_parameter("bias", new Parameter(zeros([features], dtype, device)));
                }
                if (!trackRunningStats) return;
                register_buffer("running_mean", zeros([features], dtype, device));
                register_buffer("running_var", ones([features], dtype, device));
                register_buffer("num_batches_tracked", zeros([], int64, device));
            }

            public Parameter? weight => get_parameter("weight");
            public Parameter? bias => get_parameter("bias");
            public Tensor? running_mean => get_buffer("running_mean");
            public Tensor? running_var => get_buffer("running_var");

            public override Tensor forward(Tensor input)
            {
                if (training) get_buffer("num_batches_tracked")?.add_(1);
                var byBatch = training || running_mean is null;
                return F.batch_norm(input, running_mean, running_var, weight, bias, byBatch, _momentum, _eps);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(
                long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Embedding Embedding(
                long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_embeddings, embedding_dims, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, device, dtype);

            public static LayerNorm LayerNorm(
                long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(
                long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                LayerNorm([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), (dilation, dilation),
                    padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Both(kernel_size), Both(stride ?? (1, 1)), Both(padding ?? (0, 0)), Both(dilation ?? (1, 1)),
                    padding_mode, groups, bias, device, dtype);

            public static BatchNorm2d BatchNorm2d(
                long features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);

            private static long[] Both((long, long) pair) => [pair.Item1, pair.Item2];
        }
    }
}
