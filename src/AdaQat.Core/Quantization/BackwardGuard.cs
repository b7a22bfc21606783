using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantization;

/// <summary>
/// What every backward pass of a quantizer goes through. libtorch calls it from native code, which no exception may pass: that would end
/// the process. So what goes wrong is kept, gradients become NaN, and the next managed call raises it. What goes well is disposed in time.
/// </summary>
internal sealed class BackwardGuard : IDisposable
{
    private readonly DeferredDisposal _returned = new();
    private ExceptionDispatchInfo? _fault;

    /// <summary>The gradients to return; where computing them fails, the substitutes. What else is made on the way is disposed.</summary>
    public List<Tensor> Run(Func<List<Tensor>> gradients, Func<List<Tensor>> substitutes)
    {
        // On a GPU this is libtorch's own thread, where no scope of the caller's is.
        using var scope = NewDisposeScope();
        try
        {
            return Returned(gradients(), scope);
        }
#pragma warning disable CA1031 // Whatever it is must not leave: see above.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Keep(fault);
            return Returned(substitutes(), scope);
        }
    }

    /// <summary>Keeps the first fault. libtorch's own error, where it has left one unread, says more than what followed from it.</summary>
    public void Keep(Exception fault)
    {
        try
        {
            CheckForErrors();
        }
#pragma warning disable CA1031 // The same.
        catch (Exception cause)
#pragma warning restore CA1031
        {
            fault = cause;
        }

        _fault ??= ExceptionDispatchInfo.Capture(fault);
    }

    /// <summary>Raises what a backward pass has kept, once.</summary>
    public void ThrowIfFaulted()
    {
        var fault = _fault;
        _fault = null;
        fault?.Throw();
    }

    /// <summary>This thread trains: what it returns in a backward pass of its own is not for other threads to release.</summary>
    public void ExpectFromThisThread() => _returned.ExpectFromThisThread();

    /// <summary>No backward pass of this thread is under way: libtorch has taken all that was returned.</summary>
    public void Release() => _returned.Release();

    public void Dispose() => Release();

    private List<Tensor> Returned(List<Tensor> gradients, DisposeScope scope)
    {
        scope.MoveToOuter(gradients.Where(g => g is not null));
        return _returned.Return(gradients);
    }
}
