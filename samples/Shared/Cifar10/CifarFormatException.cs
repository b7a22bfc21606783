using Samples.CommandLine;

namespace Samples.Cifar10;

/// <summary>A file that is not what CIFAR-10's binary layout says it must be.</summary>
public sealed class CifarFormatException(string file, long offset, long value, string message) : SampleException(message)
{
    /// <summary>The file refused.</summary>
    public string File { get; } = file;

    /// <summary>The byte at which it goes wrong.</summary>
    public long Offset { get; } = offset;

    /// <summary>What is there: the label found, or the file's length.</summary>
    public long Value { get; } = value;
}
