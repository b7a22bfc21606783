using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>
/// Forwards that leave no trace: without gradient, and afterwards the model's buffers (batch-norm statistics among them) and the random
/// state are, to the bit, what they were. A device's generator that cannot be read goes on from where this began.
/// </summary>
internal sealed class ForwardIsolation : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly IDisposable _noGradient;
    private readonly nn.Module _model;
    private readonly Dictionary<string, Tensor> _buffers;
    private readonly RandomState _random;

    public ForwardIsolation(nn.Module model)
        : this(model, ModelRandom.Of(model))
    {
    }

    /// <param name="model">The model, or a part of it.</param>
    /// <param name="random">The generators that it draws from.</param>
    public ForwardIsolation(nn.Module model, ModelRandom random)
    {
        _model = model;
        _scope = NewDisposeScope();
        _noGradient = no_grad();
        _buffers = model.named_buffers().ToDictionary(b => b.name, b => b.buffer.clone());
        _random = random.Pause();
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
