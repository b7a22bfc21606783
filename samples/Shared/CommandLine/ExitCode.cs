namespace Samples.CommandLine;

/// <summary>What the process tells its caller.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>The run could not go on: a damaged file, a full disk, a loss that is not a number.</summary>
    public const int Failure = 1;

    /// <summary>The command line asks for something that does not exist or is not allowed.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C, as shells count it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
