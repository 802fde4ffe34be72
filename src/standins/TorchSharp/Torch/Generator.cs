using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers on the CPU. Dispose it when it is no longer needed.</summary>
    public class Generator : IDisposable
    {
        private readonly GeneratorHandle _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            if (device is { type: not DeviceType.CPU }) throw new ArgumentException($"{device} has no generator here; expected cpu", nameof(device));
            NativeMethods.Check(NativeMethods.m3t_generator_new(unchecked((long)seed), out _handle));
        }

        internal Generator(GeneratorHandle handle) => _handle = handle;

        internal GeneratorHandle SafeHandle => _handle;

        public Device device => CPU;

        /// <summary>The whole state as a byte tensor, to go on later exactly here.</summary>
        public Tensor get_state()
        {
            NativeMethods.Check(NativeMethods.m3t_generator_get_state(_handle, out var state));
            return new Tensor(state);
        }

        public void set_state(Tensor value) => NativeMethods.Check(NativeMethods.m3t_generator_set_state(_handle, value.SafeHandle));

        public Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.m3t_generator_seed(_handle, seed));
            return this;
        }

        public long initial_seed()
        {
            NativeMethods.Check(NativeMethods.m3t_generator_initial_seed(_handle, out var seed));
            return seed;
        }

        public void Dispose()
        {
            _handle.Dispose();
            GC.SuppressFinalize(this);
        }

        /// <summary>The generator behind every random operator that is given none.</summary>
        public static Generator Default
        {
            get
            {
                NativeMethods.Check(NativeMethods.m3t_generator_default(out var handle));
                return new Generator(handle);
            }
        }
    }

    /// <summary>Seeds the default generators of all devices.</summary>
    public static Generator manual_seed(long seed)
    {
        NativeMethods.Check(NativeMethods.m3t_manual_seed(seed, out var handle));
        return new Generator(handle);
    }

    public static partial class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
    }
}
