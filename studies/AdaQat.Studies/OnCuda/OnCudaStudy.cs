using System.Globalization;
using Samples.CommandLine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Studies.OnCuda;

/// <summary>
/// What no test of this repository can show without a GPU: quantizers beside the CPU's, masks in probes, memory, checkpoints, a search.
/// </summary>
public static class OnCudaStudy
{
    private static readonly (string Name, Func<int, string> Check)[] Checks =
    [
        .. FamilyAgreement.All.Select(family => (family.Name, (Func<int, string>)(_ => FamilyAgreement.Check(family)))),
        ("probes repeat dropout masks", _ => ProbeMasks.Check()),
        ("a checkpoint goes on on the other device", _ => CheckpointAcross.Check()),
        ("a search of channels, and its resumption", _ => SearchOnDevice.Check()),
        ("memory over steps", StepsOnDevice.CheckMemory),
        ("milliseconds a step", _ => StepsOnDevice.Times()),
    ];

    /// <param name="steps">Over how many steps memory is watched.</param>
    public static int Execute(int steps)
    {
        if (!cuda.is_available())
        {
            throw new SampleException(
                "cuda: this machine or this libtorch has no CUDA device, and the study is about one.", ExitCode.Usage);
        }

        Console.WriteLine(TorchRuntime.Describe());
        var faults = 0;
        foreach (var (name, check) in Checks)
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            cuda.manual_seed_all(1);
            try
            {
                Console.WriteLine($"holds: {name}: {check(steps)}");
            }
#pragma warning disable CA1031 // Whatever goes wrong is the outcome of this check; the others are still wanted.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                faults++;
                Console.WriteLine($"FAILS: {name}: {fault.GetType().Name}: {fault.Message}");
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Checks.Length - faults} hold, {faults} fail."));
        return faults == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
