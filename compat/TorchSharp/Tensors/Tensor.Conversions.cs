using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op ToLayout = new("aten::to", "dtype_layout");
        private static readonly Op CloneOp = new("aten::clone");
        private static readonly Op DetachOp = new("aten::detach");
        private static readonly Op DetachInPlace = new("aten::detach_");
        private static readonly Op ContiguousOp = new("aten::contiguous");
        private static readonly Op CopyOp = new("aten::copy_");
        private static readonly Op FillOp = new("aten::fill_", "Scalar");
        private static readonly Op ZeroOp = new("aten::zero_");

        public Tensor detach() => DetachOp.Call(this);

        public Tensor detach_() => DetachInPlace.CallInPlace(this);

        public Tensor clone() => CloneOp.Call(this);

        public Tensor contiguous() => ContiguousOp.Call(this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => CopyOp.CallInPlace(this, source, nonBlocking);

        public Tensor fill_(Scalar value) => FillOp.CallInPlace(this, value);

        public Tensor zero_() => ZeroOp.CallInPlace(this);

        /// <summary>Another object over the very same tensor, gradient and version included; each is disposed by itself.</summary>
        public Tensor alias()
        {
            var retained = NativeMethods.adaqat_tensor_retain(Handle);
            GC.KeepAlive(this);
            return new Tensor(retained);
        }

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(type, device, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(type, null, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(null, device, copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(null, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(null, new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => Convert(other.dtype, other.device, false, false, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);

        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);

        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device device = null, bool non_blocking = false)
        {
            InitializeDeviceType(DeviceType.CUDA);
            if (device is not null && device.type != DeviceType.CUDA)
            {
                throw new ArgumentException($"'{device}' is not a CUDA device.", nameof(device));
            }
            return Convert(null, device ?? new Device(DeviceType.CUDA, -1), false, false, non_blocking);
        }

        public Tensor @bool() => to(ScalarType.Bool);

        public Tensor @byte() => to(ScalarType.Byte);

        public Tensor @char() => to(ScalarType.Int8);

        public Tensor @short() => to(ScalarType.Int16);

        public Tensor @int() => to(ScalarType.Int32);

        public Tensor @long() => to(ScalarType.Int64);

        public Tensor half() => to(ScalarType.Float16);

        public Tensor bfloat16() => to(ScalarType.BFloat16);

        public Tensor @float() => to(ScalarType.Float32);

        public Tensor @double() => to(ScalarType.Float64);

        private Tensor Convert(ScalarType? type, Device device, bool copy, bool disposeAfter, bool nonBlocking)
        {
            if (device is not null) InitializeDeviceType(device.type);
            var converted = ToLayout.Call(
                this, Value.Type(type), Value.None, Value.Device(device), Value.None, nonBlocking, copy, Value.None);
            if (disposeAfter) Dispose();
            return converted;
        }
    }
}
