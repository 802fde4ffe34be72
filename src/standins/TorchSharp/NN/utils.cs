using TorchSharp.Modules;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients so that their joint norm is at most max_norm.</summary>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> parameters, double max_norm, double norm_type = 2.0)
            {
                using var recording = no_grad();
                using var scope = NewDisposeScope();
                var gradients = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
                if (gradients.Length == 0) return 0;
                var norms = gradients.Select(gradient => Call("norm.ScalarOpt_dtype", gradient, norm_type, float32));
                var total = Call("norm.Scalar", stack(norms), norm_type).ToDouble();
                var scale = max_norm / (total + 1e-6);
                if (scale < 1) CallInPlace("_foreach_mul_.Scalar", gradients, scale);
                return total;
            }
        }
    }
}
