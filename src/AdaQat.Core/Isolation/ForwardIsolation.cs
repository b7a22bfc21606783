using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>
/// Forwards that leave no trace: without gradient, and afterwards the model's buffers (batch-norm statistics among them) and the random
/// state are, to the bit, what they were.
/// </summary>
internal sealed class ForwardIsolation : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly IDisposable _noGradient;
    private readonly nn.Module _model;
    private readonly Dictionary<string, Tensor> _buffers;
    private readonly RandomState _random;

    public ForwardIsolation(nn.Module model)
    {
        _model = model;
        _scope = NewDisposeScope();
        _noGradient = no_grad();
        _buffers = model.named_buffers().ToDictionary(b => b.name, b => b.buffer.clone());
        _random = RandomState.Capture();
    }

    public void Dispose()
    {
        foreach (var (name, buffer) in _model.named_buffers())
        {
            if (_buffers.TryGetValue(name, out var saved))
            {
                buffer.copy_(saved);
            }
        }

        _random.Restore();
        _random.Dispose();
        _noGradient.Dispose();
        _scope.Dispose();
    }
}
