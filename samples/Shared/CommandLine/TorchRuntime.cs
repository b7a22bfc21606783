using TorchSharp;
using static TorchSharp.torch;

namespace Samples.CommandLine;

/// <summary>The library, threads and device that a program computes with.</summary>
public static class TorchRuntime
{
    /// <summary>The version of libtorch.</summary>
    public static string Version => __version__;

    public static string Describe() => $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {Version}";

    /// <summary>Sets the threads and finds the device, "cpu" or "cuda".</summary>
    public static Device Prepare(int? threads, string where = "cpu")
    {
        // Without a number given: all processors. Torch by itself may take fewer, one of two for example.
        set_num_threads(threads ?? Environment.ProcessorCount);
        return where != "cuda" || cuda.is_available()
            ? device(where)
            : throw new SampleException(
                "--device: 'cuda' is not available: this machine or this libtorch has no CUDA device; allowed here: cpu.", ExitCode.Usage);
    }
}
