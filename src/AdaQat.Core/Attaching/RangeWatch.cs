using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>
/// Looks now and then for inputs that have become negative where their quantizer's range begins at zero: what was so in the first batch
/// need not stay so.
/// </summary>
internal sealed class RangeWatch
{
    /// <summary>Looked at more often in the beginning; each look is a pass over all inputs, and waits for the device.</summary>
    private const int Interval = 200;

    /// <summary>A share that rounding and a rare outlier do not reach.</summary>
    private const double LeastShare = 0.001;

    private readonly HashSet<SharedInput> _told = new(ReferenceEqualityComparer.Instance);
    private long _forwards;
    private bool _looks;

    /// <summary>Told of an input, once, and the share of its elements that are cut off.</summary>
    public Action<SharedInput, double>? WhenCut { get; set; }

    /// <summary>A forward of the model begins.</summary>
    public void Begin(bool isTraining)
    {
        _looks = isTraining && (++_forwards is 2 or 10 or 50 || _forwards % Interval == 0);
    }

    /// <summary>A quantizer has made <paramref name="quantized"/> of <paramref name="input"/>.</summary>
    public void See(SharedInput shared, Tensor input, Tensor quantized)
    {
        if (!_looks || input.numel() == 0)
        {
            return;
        }

        lock (_told)
        {
            Look(shared, input, quantized);
        }
    }

    private void Look(SharedInput shared, Tensor input, Tensor quantized)
    {
        if (_told.Contains(shared))
        {
            return;
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var negative = input.detach().Lt(0);
        if (!negative.any().item<bool>() || quantized.detach().Lt(0).any().item<bool>())
        {
            return;
        }

        var share = negative.to(ScalarType.Float64).mean().item<double>();
        if (share >= LeastShare)
        {
            _told.Add(shared);
            WhenCut?.Invoke(shared, share);
        }
    }
}
