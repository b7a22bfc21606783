using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a state of its own, or a device's default one.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public unsafe Generator(ulong seed = 0, Device device = null)
        {
            this.device = device ?? CPU;
            nint created;
            Errors.Check(NativeMethods.adaqat_generator_new((int)this.device.type, this.device.index, seed, &created));
            handle = created;
        }

        internal Generator(nint handle, Device device)
        {
            this.handle = handle;
            this.device = device;
        }

        ~Generator() => Dispose(false);

        public static Generator Default => DefaultOf(CPU);

        public Device device { get; }

        public IntPtr Handle => handle;

        public unsafe Tensor get_state()
        {
            nint state;
            Errors.Check(NativeMethods.adaqat_generator_state(handle, &state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            Errors.Check(NativeMethods.adaqat_generator_set_state(handle, value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public Generator manual_seed(long seed)
        {
            Errors.Check(NativeMethods.adaqat_generator_set_seed(handle, (ulong)seed));
            GC.KeepAlive(this);
            return this;
        }

        public unsafe long seed()
        {
            ulong seed;
            Errors.Check(NativeMethods.adaqat_generator_seed(handle, &seed));
            GC.KeepAlive(this);
            return (long)seed;
        }

        public unsafe long initial_seed()
        {
            ulong seed;
            Errors.Check(NativeMethods.adaqat_generator_initial_seed(handle, &seed));
            GC.KeepAlive(this);
            return (long)seed;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var released = Interlocked.Exchange(ref handle, 0);
            if (released != 0) NativeMethods.adaqat_generator_release(released);
        }

        internal static unsafe Generator DefaultOf(Device device)
        {
            nint generator;
            Errors.Check(NativeMethods.adaqat_generator_default((int)device.type, device.index, &generator));
            return new Generator(generator, device);
        }
    }
}
