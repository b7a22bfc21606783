using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// A few weights of the first and the last layer that is trained, which tells whether an optimizer has moved the weights since.
/// </summary>
internal sealed class WeightSample : IDisposable
{
    private const int Elements = 64;

    private readonly List<Tensor> _values;

    private WeightSample(List<Tensor> values) => _values = values;

    public static WeightSample Of(QuantizedModel model)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var trained = model.Layers.Select(l => l.Attached.LatentWeight).Where(w => w.requires_grad && w.numel() > 0).ToList();
        // In no scope: a forward's may end before the step.
        return new WeightSample([
            .. trained.Take(1).Concat(trained.TakeLast(1))
                .Select(w => w.flatten().narrow(0, 0, Math.Min(Elements, w.numel())).clone().DetachFromDisposeScope()),
        ]);
    }

    /// <summary>Whether the weights are what they were, to the bit.</summary>
    public bool IsSameAs(WeightSample other)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return _values.Count == other._values.Count
            && _values.Zip(other._values).All(pair => pair.First.eq(pair.Second).all().item<bool>());
    }

    public void Dispose() => _values.ForEach(v => v.Dispose());
}
