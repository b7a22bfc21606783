namespace ResNet20Cifar;

/// <summary>
/// A fault that is expected in use (a wrong path, a damaged file, a full disk): its message alone is shown, without a stack trace.
/// </summary>
public class SampleException : Exception
{
    public SampleException(string message, int exitCode = ResNet20Cifar.ExitCode.Failure, Exception? inner = null)
        : base(message, inner) => ExitCode = exitCode;

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; }
}
