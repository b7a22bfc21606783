using System.CommandLine;
using AdaQat;
using TorchSharp;
using static TorchSharp.torch;

namespace Samples.CommandLine;

/// <summary>The library, threads and device that a program computes with.</summary>
public static class TorchRuntime
{
    /// <summary>The version of libtorch.</summary>
    public static string Version => __version__;

    public static string Describe() => $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {Version}";

    /// <summary>The option that says where to compute.</summary>
    public static Option<string> DeviceOption() => TextOption.Choice(
        "--device", "cpu|cuda", "Where to compute. [default: cpu]",
        new Dictionary<string, string> { ["cpu"] = "cpu", ["cuda"] = "cuda" });

    /// <summary>
    /// Sets the threads and finds the device, "cpu" or "cuda". Where oneDNN's convolutions are wrong, says so and goes on without them.
    /// </summary>
    public static Device Prepare(int? threads, string where = "cpu")
    {
        if (where == "cpu" && CpuConvolutions.Fault() is { } fault)
        {
            Console.Error.WriteLine(CpuConvolutions.TryTurnOneDnnOff()
                ? "oneDNN computes wrong convolutions on this processor; libtorch's own, slower ones are used." : fault);
        }

        // Without a number given: all processors. Torch by itself may take fewer, one of two for example.
        set_num_threads(threads ?? Environment.ProcessorCount);
        return where != "cuda" || cuda.is_available()
            ? device(where)
            : throw new SampleException(
                "--device: 'cuda' is not available: this machine or this libtorch has no CUDA device; allowed here: cpu.", ExitCode.Usage);
    }
}
