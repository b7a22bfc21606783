namespace TorchSharp;

/// <summary>Disposes, when it ends, every tensor that its thread made since it began and that was not moved out of it.</summary>
public sealed partial class DisposeScope : IDisposable
{
    private DisposeScopeManager manager;
    private HashSet<IDisposable> disposables = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager)
    {
        this.manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            ObjectDisposedException.ThrowIf(manager is null, this);
            return disposables.ToArray();
        }
    }

    public int DisposablesCount
    {
        get
        {
            ObjectDisposedException.ThrowIf(manager is null, this);
            return disposables.Count;
        }
    }

    internal DisposeScope OuterScope { get; set; }

    public bool Contains(IDisposable disposable) => disposables.Contains(disposable);

    public void DisposeEverything() => DisposeEverythingBut([]);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ObjectDisposedException.ThrowIf(manager is null, this);
        var before = disposables;
        disposables = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in before)
        {
            if (!disposables.Contains(disposable)) disposable.Dispose();
        }
    }

    public void Dispose()
    {
        if (manager is null) return;
        DisposeEverything();
        manager.RemoveDisposeScope(this);
        manager = null;
    }

    /// <summary>A tensor tells its scope that it was disposed by hand.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        ObjectDisposedException.ThrowIf(manager is null, this);
        disposables.Remove(disposable);
        if (disposable is torch.Tensor tensor) tensor.OwningDisposeScope = null;
    }

    internal void Include(torch.Tensor tensor) => disposables.Add(tensor);

    /// <summary>Lets another tensor take the place of one in whatever scope that is in.</summary>
    internal static void ReplaceWith(torch.Tensor original, torch.Tensor replacement)
    {
        var scope = original.OwningDisposeScope;
        if (scope is null || !scope.disposables.Remove(original)) return;
        original.OwningDisposeScope = null;
        Adopt(scope, replacement);
    }

    /// <summary>Ends the scope but leaves what it held alive, in no scope.</summary>
    internal HashSet<IDisposable> DetachAllAndDispose()
    {
        var held = disposables;
        foreach (var disposable in held)
        {
            if (disposable is not torch.Tensor tensor) continue;
            manager.StatisticsInstance.TensorStatistics.DetachedFromScopeCount++;
            tensor.OwningDisposeScope = null;
        }
        disposables = new HashSet<IDisposable>(ReferenceEqualityComparer.Instance);
        Dispose();
        return held;
    }

    private static bool Adopt(DisposeScope scope, IDisposable disposable)
    {
        if (disposable is not torch.Tensor tensor) throw new InvalidOperationException("A dispose scope manages tensors only.");
        var before = tensor.OwningDisposeScope;
        if (ReferenceEquals(before, scope)) return false;
        scope.disposables.Add(tensor);
        before?.disposables.Remove(tensor);
        tensor.OwningDisposeScope = scope;
        return true;
    }
}
