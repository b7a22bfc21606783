using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static bool cuda_is_available() => cuda.is_available();

    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => is_available() && NativeMethods.adaqat_has_cudnn() != 0;

        public static int device_count() => NativeMethods.adaqat_device_count((int)DeviceType.CUDA);

        /// <summary>Seeds the current device's generator.</summary>
        public static void manual_seed(long seed)
        {
            InitializeDeviceType(DeviceType.CUDA);
            using var generator = Generator.DefaultOf(new Device(DeviceType.CUDA, -1));
            generator.manual_seed(seed);
        }

        public static void manual_seed_all(long seed)
        {
            InitializeDeviceType(DeviceType.CUDA);
            for (var index = 0; index < device_count(); index++)
            {
                using var generator = Generator.DefaultOf(new Device(DeviceType.CUDA, index));
                generator.manual_seed(seed);
            }
        }

        /// <summary>Waits until the device has done everything it was given.</summary>
        public static void synchronize(Device device = null)
        {
            InitializeDeviceType(DeviceType.CUDA);
            Errors.Check(NativeMethods.adaqat_cuda_synchronize(device?.index ?? -1));
        }
    }
}
