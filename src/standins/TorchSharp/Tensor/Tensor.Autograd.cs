using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Info().RequiresGrad != 0;
            set => NativeMethods.Check(NativeMethods.m3t_tensor_set_requires_grad(SafeHandle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => NativeMethods.Check(NativeMethods.m3t_tensor_retain_grad(SafeHandle));

        /// <summary>The accumulated gradient; null before the first backward. Every read gives a new reference to the same storage.</summary>
        public Tensor? grad
        {
            get
            {
                NativeMethods.Check(NativeMethods.m3t_tensor_grad(SafeHandle, out var gradient));
                return gradient.IsInvalid ? null : new Tensor(gradient);
            }
            set
            {
                NativeMethods.Check(NativeMethods.m3t_tensor_set_grad(SafeHandle, value is null ? 0 : value.Handle));
                GC.KeepAlive(value);
            }
        }

        public Tensor detach() => Call("detach", this);

        public Tensor detach_()
        {
            CallInPlace("detach_", this);
            return this;
        }

        /// <summary>Adds d(this)/d(leaf) to the gradient of every leaf behind this tensor.</summary>
        /// <param name="grad_tensors">The gradient of this tensor; none is needed for a single element.</param>
        /// <param name="create_graph">Record the backward pass too, for derivatives of higher order.</param>
        /// <param name="inputs">Only these leaves; null for all.</param>
        public void backward(IList<Tensor>? grad_tensors = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            var gradient = grad_tensors is { Count: > 0 } ? grad_tensors[0].Handle : 0;
            nint[] leaves = inputs is null ? [] : [.. inputs.Select(leaf => leaf.Handle)];
            NativeMethods.Check(NativeMethods.m3t_tensor_backward(
                SafeHandle, gradient, create_graph ? 1 : 0, create_graph ? 1 : 0, leaves, leaves.Length));
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }
    }
}
