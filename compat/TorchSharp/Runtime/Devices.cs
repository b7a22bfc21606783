using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU, -1);
    public static readonly Device META = new(DeviceType.META, -1);

    public static Device CUDA => TryInitializeDeviceType(DeviceType.CUDA) ? new Device(DeviceType.CUDA, -1) : null;

    public static Device MPS => TryInitializeDeviceType(DeviceType.MPS) ? new Device(DeviceType.MPS, -1) : null;

    /// <summary>The version of the libtorch that the native bridge was built for.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(NativeMethods.adaqat_torch_version());

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device device(int index) => new(index);

    /// <summary>Whether libtorch supports the kind of device and the machine has one.</summary>
    public static bool TryInitializeDeviceType(DeviceType deviceType) =>
        deviceType is DeviceType.CPU or DeviceType.META || NativeMethods.adaqat_device_count((int)deviceType) > 0;

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType)) throw new InvalidOperationException($"There is no {deviceType} device that this libtorch can use.");
    }

    public static Device InitializeDevice(Device device)
    {
        device ??= default_device;
        InitializeDeviceType(device.type);
        return device;
    }

    private static Device default_device = CPU;

    public static Device get_default_device() => default_device;

    public static void set_default_device(Device device) => default_device = device;
}
