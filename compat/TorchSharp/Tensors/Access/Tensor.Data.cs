using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op ItemOp = new("aten::item");

        /// <summary>The elements, which must be in main memory and of the type asked for.</summary>
        public Utils.TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            ValidateType(typeof(T));
            return new Utils.TensorAccessor<T>(this);
        }

        /// <summary>The value of a tensor that has just one.</summary>
        public unsafe T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException($"item() needs a tensor of one element, not of {NumberOfElements}.");
            ValidateType(typeof(T));
            return *(T*)MainMemory();
        }

        public Scalar ToScalar() => ItemOp.CallScalar(this);

        /// <summary>The memory of a contiguous tensor, as it lies. It is valid for as long as the tensor is.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var description = Describe();
                if (description.IsContiguous == 0) throw NotInOrder();
                var size = description.Elements * description.ElementSize;
                if (size > int.MaxValue) throw new ArgumentException($"A span cannot hold the {size} bytes of this tensor.");
                return new Span<byte>((void*)MainMemory(), (int)size);
            }
            set
            {
                var target = bytes;
                if (target.Length != value.Length) throw new ArgumentException($"{value.Length} bytes do not fill a tensor of {target.Length}.");
                value.CopyTo(target);
                GC.KeepAlive(this);
            }
        }

        internal static InvalidOperationException NotInOrder() =>
            new("The bytes of a tensor that is not contiguous are not in order; call contiguous() first.");

        /// <summary>Where the elements begin in main memory.</summary>
        internal unsafe nint MainMemory()
        {
            if (device_type != DeviceType.CPU)
            {
                throw new InvalidOperationException("Only memory of the CPU can be read; copy the tensor with cpu() first.");
            }
            nint data;
            Errors.Check(NativeMethods.adaqat_tensor_data(Handle, &data));
            GC.KeepAlive(this);
            return data;
        }
    }
}
