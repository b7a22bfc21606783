using AdaQat.Diagnostics;

namespace AdaQat.Checkpoints;

/// <summary>Checks of where a run's checkpoints are to go, and how often.</summary>
internal static class CheckpointTarget
{
    private const string PathName = "CheckpointPath";
    private const string IntervalName = "CheckpointInterval";

    /// <summary>Checks both choices.</summary>
    /// <exception cref="ArgumentException">One is outside what is allowed, or the folder does not exist; the message names it.</exception>
    public static void Validate(string? path, int? interval)
    {
        if (interval is { } steps)
        {
            Guard.AtLeast(steps, 1, IntervalName);
            if (path is null)
            {
                throw Refusal($"{IntervalName} is {steps}, but {PathName} is null; give a path too.", PathName);
            }
        }

        if (path is not null && string.IsNullOrWhiteSpace(path))
        {
            throw Refusal($"{PathName} is empty; allowed are a file's path, and null.", PathName);
        }

        if (path is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw Refusal($"{PathName} is '{path}', in a folder that does not exist; create it first.", PathName);
        }
    }

    /// <summary>
    /// Refuses a path where something else lies than a checkpoint: the first one would take its place. An empty file may lie there.
    /// </summary>
    /// <exception cref="ArgumentException">It does.</exception>
    /// <exception cref="IOException">What is there cannot be read.</exception>
    public static void RequireOurs(string? path)
    {
        if (path is null || !Path.Exists(path))
        {
            return;
        }

        if (Directory.Exists(path))
        {
            throw Refusal($"{PathName} is '{path}', which is a folder; name a file.", PathName);
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var start = new byte[sizeof(long) + ContentSeal.HeaderStart.Length];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read > 0 && !start.AsSpan(0, read)[Math.Min(read, sizeof(long))..].SequenceEqual(ContentSeal.HeaderStart))
        {
            throw Refusal(
                $"{PathName} is '{path}', where a file lies that is no checkpoint of AdaQat and would be overwritten; name another, or "
                + "move that one.", PathName);
        }
    }

    private static ArgumentException Refusal(string message, string option) => new(message, option);
}
