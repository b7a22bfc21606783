using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>
/// What a forward changes besides what is asked of it, batch-norm statistics and the random state, kept so that a refused step can be
/// taken back.
/// </summary>
internal sealed class StepUndo : IDisposable
{
    private readonly ModelRandom _generators;
    private readonly List<(Tensor Buffer, Tensor Before)> _buffers;
    private RandomState? _random;

    /// <summary>For a model that is neither moved nor given other buffers while this lives.</summary>
    public StepUndo(nn.Module model, ModelRandom generators)
    {
        _generators = generators;
        using var noGradient = no_grad();
        _buffers = model.buffers().Select(b => (b, b.clone().DetachFromDisposeScope())).ToList();
    }

    /// <summary>A step begins.</summary>
    /// <param name="step">How many there were before.</param>
    public void Begin(long step)
    {
        using var noGradient = no_grad();
        _buffers.ForEach(b => b.Before.copy_(b.Buffer));
        _random?.Dispose();
        _generators.BeginStep(step);
        _random = _generators.Capture();
    }

    /// <summary>The step is refused.</summary>
    public void Undo()
    {
        using var noGradient = no_grad();
        _buffers.ForEach(b => b.Buffer.copy_(b.Before));
        _random?.Restore();
    }

    public void Dispose()
    {
        _buffers.ForEach(b => b.Before.Dispose());
        _random?.Dispose();
    }
}
