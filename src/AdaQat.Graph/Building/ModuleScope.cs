namespace AdaQat.Graph;

/// <summary>Does something once, when it is disposed.</summary>
internal sealed class ModuleScope(Action leave) : IDisposable
{
    private Action? _leave = leave;

    public void Dispose()
    {
        _leave?.Invoke();
        _leave = null;
    }
}
