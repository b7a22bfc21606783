namespace AdaQat.Runtime;

/// <summary>Memory of a value while it is needed: from the step that makes it to the last that reads it.</summary>
internal sealed class Slot(long bytes)
{
    /// <summary>Kernels read up to so many bytes behind a value.</summary>
    public const int Slack = 64;

    public long Bytes { get; } = bytes;

    /// <summary>Whether each thread that works on an image has one of its own.</summary>
    public bool IsScratch { get; init; }

    /// <summary>The step that makes it.</summary>
    public int First { get; set; } = int.MaxValue;

    /// <summary>The last step that reads it.</summary>
    public int Last { get; set; } = -1;

    /// <summary>Where it is in a context's memory.</summary>
    public long Offset { get; set; }

    /// <summary>What it takes with its slack, a multiple of 64.</summary>
    public long Room => (Bytes + Slack + 63) / 64 * 64;

    /// <summary>Notes that a step needs it.</summary>
    public void Use(int step) => (First, Last) = (Math.Min(First, step), Math.Max(Last, step));
}
