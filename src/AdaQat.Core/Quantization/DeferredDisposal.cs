using static TorchSharp.torch;

namespace AdaQat.Quantization;

/// <summary>
/// Disposes the gradients that custom functions returned, once libtorch has taken them: it has when it calls the next one on the same
/// thread, when that thread has ended, and when the backward pass is over. Left to dispose scopes, all of a backward pass would stay in
/// memory until the step ends, and on a thread without a scope, as a GPU's backward pass has, until the garbage collector comes.
/// </summary>
internal sealed class DeferredDisposal
{
    private readonly Dictionary<Thread, IReadOnlyList<Tensor>> _returned = [];
    private readonly HashSet<Thread> _training = [];

    /// <summary>Takes over what a function is about to return.</summary>
    public List<Tensor> Return(List<Tensor> gradients)
    {
        lock (_returned)
        {
            var current = Thread.CurrentThread;
            foreach (var thread in _returned.Keys.Where(t => t == current || !t.IsAlive).ToList())
            {
                Forget(thread);
            }

            _returned.Add(current, gradients.Where(g => g is not null).ToList());
        }

        return gradients;
    }

    /// <summary>This thread trains, and may be in a backward pass when another one releases.</summary>
    public void ExpectFromThisThread()
    {
        lock (_returned)
        {
            if (_training.Add(Thread.CurrentThread))
            {
                _training.RemoveWhere(thread => !thread.IsAlive);
            }
        }
    }

    /// <summary>No backward pass of this thread is under way, on a device's thread neither.</summary>
    public void Release()
    {
        lock (_returned)
        {
            var current = Thread.CurrentThread;
            _returned.Keys.Where(thread => thread == current || !thread.IsAlive || !_training.Contains(thread)).ToList().ForEach(Forget);
        }
    }

    private void Forget(Thread thread)
    {
        _returned.Remove(thread, out var gradients);
        foreach (var gradient in gradients!)
        {
            gradient.Dispose();
        }
    }
}
