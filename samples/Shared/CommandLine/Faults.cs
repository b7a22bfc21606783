using System.Runtime.InteropServices;
using AdaQat;
using AdaQat.Training;

namespace Samples.CommandLine;

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
        catch (Exception fault) when (Explain(fault) is var (message, code))
        {
            error.WriteLine(message);
            return code;
        }
    }

    private static (string Message, int Code)? Explain(Exception fault) => fault switch
    {
        SampleException expected => (expected.Message, expected.ExitCode),
        OperationCanceledException => ("Stopped.", ExitCode.Interrupted),
        RunFolderException => (fault.Message, ExitCode.Usage),
        CheckpointException or NonFiniteLossException or IOException or UnauthorizedAccessException => (fault.Message, ExitCode.Failure),
        ExternalException => ($"libtorch: {fault.Message}", ExitCode.Failure),
        ArgumentException { InnerException: ExternalException or ArgumentException } => (fault.Message, ExitCode.Failure),
        _ when Native(fault) is { } cause => (
            $"libtorch cannot be loaded: {cause.Message} On a Linux older than Debian 13 or Ubuntu 24.04 see docs/older-linux.md.",
            ExitCode.Failure),
        _ => null,
    };

    /// <summary>The failure to load a native library that is behind a fault, if one is.</summary>
    private static Exception? Native(Exception? fault) => fault switch
    {
        null => null,
        DllNotFoundException => fault,
        _ => Native(fault.InnerException),
    };
}
