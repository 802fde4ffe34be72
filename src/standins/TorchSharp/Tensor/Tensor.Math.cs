using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Call("abs", this);
        public Tensor neg() => Call("neg", this);
        public Tensor sign() => Call("sign", this);
        public Tensor reciprocal() => Call("reciprocal", this);
        public Tensor square() => Call("square", this);
        public Tensor sqrt() => Call("sqrt", this);
        public Tensor sqrt_() => InPlace("sqrt_", this);
        public Tensor rsqrt() => Call("rsqrt", this);
        public Tensor exp() => Call("exp", this);
        public Tensor exp_() => InPlace("exp_", this);
        public Tensor expm1() => Call("expm1", this);
        public Tensor log() => Call("log", this);
        public Tensor log2() => Call("log2", this);
        public Tensor log1p() => Call("log1p", this);
        public Tensor sin() => Call("sin", this);
        public Tensor cos() => Call("cos", this);
        public Tensor tanh() => Call("tanh", this);
        public Tensor erf() => Call("erf", this);
        public Tensor sigmoid() => Call("sigmoid", this);
        public Tensor relu() => Call("relu", this);
        public Tensor relu_() => InPlace("relu_", this);
        public Tensor gelu() => Call("gelu", this);
        public Tensor silu() => Call("silu", this);
        public Tensor silu_() => InPlace("silu_", this);
        public Tensor round() => Call("round", this);
        public Tensor floor() => Call("floor", this);
        public Tensor ceil() => Call("ceil", this);
        public Tensor trunc() => Call("trunc", this);
        public Tensor frac() => Call("frac", this);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Call("clamp", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace("clamp_", this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_min(Scalar min) => Call("clamp_min", this, min);
        public Tensor clamp_max(Scalar max) => Call("clamp_max", this, max);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Call("softmax.int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Call("log_softmax.int", this, dim, dtype);

        public Tensor triu(long diagonal = 0L) => Call("triu", this, diagonal);
        public Tensor tril(long diagonal = 0L) => Call("tril", this, diagonal);

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) => InPlace("normal_", this, mean, std, generator);
        public Tensor uniform_(double from = 0.0, double to = 1.0, Generator? generator = null) => InPlace("uniform_", this, from, to, generator);
        public Tensor bernoulli(Generator? generator = null) => Call("bernoulli", this, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Call("multinomial", this, num_samples, replacement, generator);
    }
}
