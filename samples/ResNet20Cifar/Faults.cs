using System.Runtime.InteropServices;
using AdaQat;

namespace ResNet20Cifar;

/// <summary>
/// Turns faults that are expected in use into one clear line and an exit code; anything else is a defect and shows its stack.
/// </summary>
public static class Faults
{
    public static int Guard(TextWriter error, Func<int> run)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            return run();
        }
        catch (SampleException fault)
        {
            error.WriteLine(fault.Message);
            return fault.ExitCode;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Stopped.");
            return ExitCode.Interrupted;
        }
        catch (Exception fault) when (fault is CheckpointException or NonFiniteLossException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(fault.Message);
            return ExitCode.Failure;
        }
        catch (ExternalException fault)
        {
            error.WriteLine($"libtorch: {fault.Message}");
            return ExitCode.Failure;
        }
        catch (Exception fault) when (Native(fault) is { } cause)
        {
            error.WriteLine(
                $"libtorch cannot be loaded: {cause.Message} On a Linux older than Debian 13 or Ubuntu 24.04 see docs/older-linux.md.");
            return ExitCode.Failure;
        }
    }

    /// <summary>The failure to load a native library that is behind a fault, if one is.</summary>
    private static Exception? Native(Exception? fault) => fault switch
    {
        null => null,
        DllNotFoundException => fault,
        _ => Native(fault.InnerException),
    };
}
