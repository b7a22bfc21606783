using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Describe().Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements => Describe().Elements;

        public long ElementSize => Describe().ElementSize;

        public ScalarType dtype => (ScalarType)Describe().ScalarType;

        public Device device
        {
            get
            {
                var description = Describe();
                return new Device((DeviceType)description.DeviceType, description.DeviceIndex);
            }
        }

        public DeviceType device_type => (DeviceType)Describe().DeviceType;

        public int device_index => Describe().DeviceIndex;

        public long[] shape => size();

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_sparse => Describe().Layout == (int)layout.sparse_coo;

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long storage_offset() => Describe().StorageOffset;

        public bool is_contiguous() => Describe().IsContiguous != 0;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public unsafe long[] size()
        {
            var sizes = new long[Describe().Dimensions];
            fixed (long* target = sizes) NativeMethods.adaqat_tensor_sizes(Handle, target);
            GC.KeepAlive(this);
            return sizes;
        }

        public long size(int dim) => size()[Wrap(dim)];

        public unsafe long[] stride()
        {
            var strides = new long[Describe().Dimensions];
            fixed (long* target = strides) Errors.Check(NativeMethods.adaqat_tensor_strides(Handle, target));
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => stride()[Wrap(dim)];

        internal unsafe TensorDescription Describe()
        {
            TensorDescription description;
            NativeMethods.adaqat_tensor_describe(Handle, &description);
            GC.KeepAlive(this);
            return description;
        }

        private int Wrap(int dim)
        {
            var count = Describe().Dimensions;
            return dim >= -count && dim < count
                ? dim < 0 ? dim + count : dim
                : throw new IndexOutOfRangeException($"Dimension {dim} is out of range: the tensor has {count} dimensions.");
        }
    }
}
