using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <remarks>
        /// Moving makes new tensors: a moved parameter is a new <see cref="Parameter"/> (a leaf, with the gradient copied), the old one is
        /// disposed, and the property or field of its name is set to the new one.
        /// </remarks>
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckElementType(dtype);
                CheckDevice(device.type);
                _toEpilog(device.type == DeviceType.CUDA ? device : new Device(device.type, -1), dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType != DeviceType.CUDA) deviceIndex = -1;
                CheckDevice(deviceType);
                if (deviceType != _deviceType || deviceIndex != _deviceIndex) _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                CheckElementType(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking)
                => _toEpilog((ScalarType?)dtype, device, non_blocking);

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking)
                => _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            protected virtual void _toEpilog(ScalarType? dtype, Device device, bool non_blocking)
            {
                if (dtype is null && device is null) throw new ArgumentNullException(nameof(device), "Neither an element type nor a device is given.");

                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype.Value, non_blocking);
                    else if (dtype is null) child._to(device.type, device.index, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }

                var holders = new ComponentHolders(this);
                foreach (var (name, parameter) in named_parameters(false).ToList())
                {
                    if (!ReplaceParameter(dtype, device, parameter, out var moved) || holders.SetProperty(name, moved)) continue;
                    parameter.Dispose();
                    ConditionallyRegisterParameter(name, moved);
                    holders.SetField(name, moved);
                }
                foreach (var (name, buffer) in named_buffers(false).ToList())
                {
                    if (!ReplaceBuffer(dtype, device, buffer, out var moved) || holders.SetProperty(name, moved)) continue;
                    ConditionallyRegisterBuffer(name, moved);
                    holders.SetField(name, moved);
                }

                if (device is not null) (_deviceType, _deviceIndex) = (device.type, device.index);
            }

            /// <summary>Makes the moved buffer and disposes the old one; false, and nothing done, where no move is needed.</summary>
            protected static bool ReplaceBuffer(ScalarType? dtype, Device device, Tensor buffer, out Tensor result)
            {
                result = null;
                if (!WillMove(buffer, dtype, device)) return false;
                result = buffer.to(TargetType(buffer, dtype), device ?? buffer.device, disposeAfter: true).DetachFromDisposeScope();
                return true;
            }

            /// <summary>Makes the moved parameter; false, and nothing done, where no move is needed.</summary>
            protected static bool ReplaceParameter(ScalarType? dtype, Device device, Parameter param, out Parameter p)
            {
                p = null;
                var grad = param.grad;
                if (!WillMove(param, dtype, device) && (grad is null || !WillMove(grad, dtype ?? param.dtype,
                    device ?? param.device))) return false;

                // The move itself must not become part of the graph: the new parameter is a leaf.
                using (no_grad())
                {
                    var type = TargetType(param, dtype);
                    p = new Parameter(param.to(type, device ?? param.device), param.requires_grad);
                    p.DetachFromDisposeScope();
                    if (grad is not null)
                    {
                        using var moved = grad.to(type, device ?? param.device).with_requires_grad(grad.requires_grad);
                        p.grad = moved;
                    }
                }
                return true;
            }

            /// <summary>Integers stay integers: only floating-point and complex tensors take the module's element type.</summary>
            private static ScalarType TargetType(Tensor tensor, ScalarType? dtype)
                => dtype is { } target && IsMovableType(tensor.dtype) ? target : tensor.dtype;

            private static bool WillMove(Tensor tensor, ScalarType? dtype, Device device)
                => (dtype is { } type && type != tensor.dtype)
                    || (device is not null && (device.type != tensor.device_type || device.index != tensor.device_index));

            private static bool IsMovableType(ScalarType dtype) => is_floating_point(dtype) || is_complex(dtype);

            private static void CheckElementType(ScalarType dtype)
            {
                if (!IsMovableType(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }

            private static void CheckDevice(DeviceType deviceType)
            {
                if (deviceType == DeviceType.CUDA && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
            }
        }
    }
}
