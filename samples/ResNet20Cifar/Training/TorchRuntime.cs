using ResNet20Cifar.CommandLine;
using TorchSharp;
using static TorchSharp.torch;

namespace ResNet20Cifar.Training;

/// <summary>What computes.</summary>
public static class TorchRuntime
{
    /// <summary>The version of libtorch.</summary>
    public static string Version => __version__;

    public static string Describe() =>
        $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {Version}";

    /// <summary>Sets the threads and finds the device.</summary>
    public static Device Prepare(RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Without a number given: all processors. Torch by itself may take fewer, one of two for example.
        set_num_threads(options.Threads ?? Environment.ProcessorCount);

        if (options.Device == "cuda" && !cuda.is_available())
        {
            throw new SampleException(
                "--device: 'cuda' is not available: this machine or this libtorch has no CUDA device; allowed here: cpu.", ExitCode.Usage);
        }

        return device(options.Device);
    }
}
