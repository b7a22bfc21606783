using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// Notices quantizers' parameters that stand still though they have gradients and the weights move: their optimizer doesn't know them.
/// </summary>
internal sealed class StillParameters(QuantizedModel model) : IDisposable
{
    /// <summary>Enough that no chance explains it.</summary>
    private const int StepsToTell = 5;

    private WeightSample? _weights;
    private Tensor? _parameters;
    private int _stillSteps;

    /// <summary>Looks at a step, before the optimizer's; whether it is to be told now.</summary>
    public bool Look()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var learned = model.QuantizerParameters()
            .Where(p => p.requires_grad && p.grad is { } gradient && gradient.Ne(0).any().item<bool>()).ToList();
        var (weights, parameters) = (WeightSample.Of(model), (Tensor?)null);
        if (learned.Count > 0)
        {
            parameters = cat(learned.ConvertAll(p => p.detach().flatten().to(ScalarType.Float64).cpu()), 0).DetachFromDisposeScope();
        }

        var weightsMoved = _weights is { } before && !before.IsSameAs(weights);
        var standStill = parameters is not null && _parameters is { } last && last.numel() == parameters.numel()
            && last.eq(parameters).all().item<bool>();
        _stillSteps = weightsMoved && standStill ? _stillSteps + 1 : 0;
        Dispose();
        (_weights, _parameters) = (weights, parameters);
        return _stillSteps == StepsToTell;
    }

    public void Dispose()
    {
        _weights?.Dispose();
        _parameters?.Dispose();
        (_weights, _parameters) = (null, null);
    }
}
