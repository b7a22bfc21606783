namespace AdaQat.Tests.Support;

/// <summary>Counts tensors that were made and not disposed, on this thread.</summary>
internal static class LiveTensors
{
    /// <summary>
    /// How many more there are after <paramref name="action"/> than before. What a finalizer would have to clear away counts too.
    /// </summary>
    public static long LeftBy(Action action)
    {
        var statistics = DisposeScopeManager.Statistics;
        var before = statistics.ThreadTotalLiveCount;
        action();
        return statistics.ThreadTotalLiveCount - before;
    }
}
