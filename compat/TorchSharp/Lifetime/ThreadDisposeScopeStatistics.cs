namespace TorchSharp;

/// <summary>The counts of a thread, over every kind of object that a dispose scope manages.</summary>
public class ThreadDisposeScopeStatistics
{
    public LifetimeStatistics TensorStatistics { get; } = new();

    public LifetimeStatistics PackedSequenceStatistics { get; } = new();

    public long CreatedOutsideScopeCount => TensorStatistics.CreatedOutsideScopeCount + PackedSequenceStatistics.CreatedOutsideScopeCount;

    public long DisposedOutsideScopeCount => TensorStatistics.DisposedOutsideScopeCount + PackedSequenceStatistics.DisposedOutsideScopeCount;

    public long CreatedInScopeCount => TensorStatistics.CreatedInScopeCount + PackedSequenceStatistics.CreatedInScopeCount;

    public long DisposedInScopeCount => TensorStatistics.DisposedInScopeCount + PackedSequenceStatistics.DisposedInScopeCount;

    public long AttachedToScopeCount => TensorStatistics.AttachedToScopeCount + PackedSequenceStatistics.AttachedToScopeCount;

    public long DetachedFromScopeCount => TensorStatistics.DetachedFromScopeCount + PackedSequenceStatistics.DetachedFromScopeCount;

    public long ThreadTotalLiveCount => TensorStatistics.ThreadTotalLiveCount + PackedSequenceStatistics.ThreadTotalLiveCount;

    public void Reset()
    {
        TensorStatistics.Reset();
        PackedSequenceStatistics.Reset();
    }

    public override string ToString() => Sum(TensorStatistics, PackedSequenceStatistics).ToString();

    private static LifetimeStatistics Sum(LifetimeStatistics left, LifetimeStatistics right) => new()
    {
        CreatedOutsideScopeCount = left.CreatedOutsideScopeCount + right.CreatedOutsideScopeCount,
        DisposedOutsideScopeCount = left.DisposedOutsideScopeCount + right.DisposedOutsideScopeCount,
        CreatedInScopeCount = left.CreatedInScopeCount + right.CreatedInScopeCount,
        DisposedInScopeCount = left.DisposedInScopeCount + right.DisposedInScopeCount,
        AttachedToScopeCount = left.AttachedToScopeCount + right.AttachedToScopeCount,
        DetachedFromScopeCount = left.DetachedFromScopeCount + right.DetachedFromScopeCount,
    };
}
