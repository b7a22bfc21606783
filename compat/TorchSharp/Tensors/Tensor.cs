using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch. The object owns one reference to it, given up by <see cref="Dispose()"/>, by the dispose scope that the
    /// tensor belongs to, or by the finalizer.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;

        internal nint handle;

        private readonly int kilobytes;

        /// <summary>Takes over a reference; <paramref name="kilobytes"/> is what the memory is known to hold, 0 where that is not known.</summary>
        internal Tensor(nint handle, int kilobytes = 0)
        {
            this.handle = handle;
            this.kilobytes = kilobytes;
            if (kilobytes != 0) NativeMemory.Held(kilobytes);
            var count = Interlocked.Increment(ref totalCount);
            if (count > peakCount) peakCount = count;
            OwningDisposeScope = DisposeScopeManager.ThreadSingleton.RegisterOnCurrentDisposeScope(this);
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => Interlocked.Read(ref totalCount);

        public static long PeakCount => Interlocked.Read(ref peakCount);

        public string name { get; set; }

        public bool IsInvalid => handle == 0;

        public IntPtr Handle => handle != 0 ? handle : throw new InvalidOperationException("The tensor was disposed or never had a value.");

        internal DisposeScope OwningDisposeScope { get; set; }

        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        public void Dispose()
        {
            if (handle != 0)
            {
                DisposeScopeManager.ThreadSingleton.DisposingOnCurrentScope(this);
                OwningDisposeScope?.MarkAsDisposed(this);
            }
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var released = Interlocked.Exchange(ref handle, 0);
            if (released == 0) return;
            Interlocked.Decrement(ref totalCount);
            if (kilobytes != 0) NativeMemory.Released(kilobytes, byFinalizer: !disposing);
            NativeMethods.adaqat_tensor_release(released);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            if (OwningDisposeScope is null) other?.Attach(this);
            else OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor DetatchFromDisposeScope() => DetachFromDisposeScope();

        /// <summary>Gives the reference to the caller; this object is invalid afterwards.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            var taken = Handle;
            GC.SuppressFinalize(this);
            Interlocked.Decrement(ref totalCount);
            if (kilobytes != 0) NativeMemory.Released(kilobytes, byFinalizer: false);
            handle = 0;
            return taken;
        }

        /// <summary>As <see cref="DecoupleFromNativeHandle"/>, for a new object of this library that takes this one's place.</summary>
        internal nint MoveHandle()
        {
            _ = Handle;
            DisposeScopeManager.ThreadSingleton.DisposingOnCurrentScope(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            return DecoupleFromNativeHandle();
        }
    }
}
