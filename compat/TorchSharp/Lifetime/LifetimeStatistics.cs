namespace TorchSharp;

/// <summary>Counts of one kind of object on one thread; a leak shows as a live count that keeps growing.</summary>
public class LifetimeStatistics
{
    public long CreatedOutsideScopeCount { get; internal set; }

    public long DisposedOutsideScopeCount { get; internal set; }

    public long CreatedInScopeCount { get; internal set; }

    public long DisposedInScopeCount { get; internal set; }

    public long AttachedToScopeCount { get; internal set; }

    public long DetachedFromScopeCount { get; internal set; }

    public long ThreadTotalLiveCount =>
        CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    public void Reset()
    {
        CreatedOutsideScopeCount = 0;
        DisposedOutsideScopeCount = 0;
        CreatedInScopeCount = 0;
        DisposedInScopeCount = 0;
        AttachedToScopeCount = 0;
        DetachedFromScopeCount = 0;
    }

    public override string ToString() => string.Join(
        "; ",
        $"ThreadTotalLiveCount: {ThreadTotalLiveCount}",
        $"CreatedOutsideScopeCount: {CreatedOutsideScopeCount}",
        $"DisposedOutsideScopeCount: {DisposedOutsideScopeCount}",
        $"CreatedInScopeCount: {CreatedInScopeCount}",
        $"DisposedInScopeCount: {DisposedInScopeCount}",
        $"AttachedToScopeCount: {AttachedToScopeCount}",
        $"DetachedFromScopeCount: {DetachedFromScopeCount}");
}
