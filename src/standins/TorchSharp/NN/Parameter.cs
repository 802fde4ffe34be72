namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A tensor that a module learns. Takes over the native reference of the tensor it is made from, which is then invalid.</summary>
        public sealed class Parameter : torch.Tensor
        {
            public Parameter(torch.Tensor data, bool requires_grad = true)
                : base(data.detach_().requires_grad_(requires_grad).MoveHandle()) { }

            /// <summary>Forgets the gradient, or keeps its storage and sets it to zero.</summary>
            internal void ClearGradient(bool forget)
            {
                using var gradient = grad;
                if (gradient is null) return;
                if (forget) grad = null;
                else gradient.zero_();
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
