using static TorchSharp.torch;

namespace AdaQat.Quantization;

/// <summary>
/// Disposes the gradients that a custom function returned, once libtorch has taken them: it has when it calls the next one on the same
/// thread. Left to dispose scopes, all of a backward pass would stay in memory until the step ends.
/// </summary>
internal sealed class DeferredDisposal : IDisposable
{
    private readonly ThreadLocal<List<Tensor>> _returned = new(() => [], trackAllValues: true);
    private bool _isOver;

    /// <summary>Takes over what a function is about to return.</summary>
    public List<Tensor> Return(List<Tensor> gradients)
    {
        // A backward pass may come after the end; its gradients are then left to dispose scopes.
        if (_isOver)
        {
            return gradients;
        }

        var returned = _returned.Value!;
        returned.ForEach(t => t.Dispose());
        returned.Clear();
        returned.AddRange(gradients.Where(g => g is not null));
        return gradients;
    }

    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        foreach (var tensor in _returned.Values.SelectMany(t => t))
        {
            tensor.Dispose();
        }

        _returned.Dispose();
    }
}
