using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>
/// Makes a layer's running statistics the plain average over the batches from now on; until accepted, disposing brings the old ones back.
/// </summary>
internal sealed class RunningAverage : IDisposable
{
    private readonly BatchNorm _layer;
    private readonly double? _momentum;
    private readonly (Tensor Mean, Tensor Variance, Tensor? Batches) _before;
    private readonly Action _removeHook;
    private int _batches;
    private bool _isAccepted;

    public RunningAverage(BatchNorm layer)
    {
        (_layer, _momentum) = (layer, layer.momentum);
        _before = (layer.running_mean!.clone(), layer.running_var!.clone(), layer.num_batches_tracked?.clone());
        // An old value that is not a number would survive a weight of 0.
        layer.running_mean.zero_();
        layer.running_var.zero_();
        layer.num_batches_tracked?.zero_();
        var hook = layer.register_forward_pre_hook(_ => layer.momentum = 1.0 / ++_batches);
        _removeHook = hook.remove;
    }

    /// <summary>Whether it took the statistics of a batch: one that is folded into another layer has none of its own.</summary>
    public bool WasReached
    {
        get
        {
            using var scope = NewDisposeScope();
            return _batches > 0 && _layer.num_batches_tracked?.item<long>() != 0;
        }
    }

    /// <summary>Keeps the average, where there is one.</summary>
    public void Accept() => _isAccepted = WasReached;

    public void Dispose()
    {
        _removeHook();
        _layer.momentum = _momentum;
        if (!_isAccepted)
        {
            _layer.running_mean!.copy_(_before.Mean);
            _layer.running_var!.copy_(_before.Variance);
            _layer.num_batches_tracked?.copy_(_before.Batches!);
        }

        _before.Mean.Dispose();
        _before.Variance.Dispose();
        _before.Batches?.Dispose();
    }
}
