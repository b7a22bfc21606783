namespace Samples.CommandLine;

/// <summary>
/// A fault that is expected in use (a wrong path, a damaged file, a full disk): its message alone is shown, without a stack trace.
/// </summary>
public class SampleException(string message, int exitCode = CommandLine.ExitCode.Failure, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
