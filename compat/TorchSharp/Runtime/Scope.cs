namespace TorchSharp;

/// <summary>Runs an action once, when it is disposed: how a guard gives back what it took.</summary>
internal sealed class Scope(Action leave) : IDisposable
{
    private Action leave = leave;

    public void Dispose() => Interlocked.Exchange(ref leave, null)?.Invoke();
}
