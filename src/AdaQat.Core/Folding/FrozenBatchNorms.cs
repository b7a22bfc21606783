using TorchSharp.Modules;

namespace AdaQat.Folding;

/// <summary>Batch normalisations that compute with their running statistics in training mode, too, until this is disposed.</summary>
internal sealed class FrozenBatchNorms : IDisposable
{
    private readonly List<Action> _removeHooks = [];

    public int Count => _removeHooks.Count;

    /// <summary>The mode is the other one for the time of a call alone, so that a model is in the mode that its user put it in.</summary>
    public void Add(BatchNorm norm)
    {
        var trains = false;
        var before = norm.register_forward_pre_hook((_, input) =>
        {
            trains = norm.training;
            norm.eval();
            return input;
        });
        var after = norm.register_forward_hook((_, _, output) =>
        {
            norm.train(trains);
            return output;
        });
        _removeHooks.Add(() =>
        {
            before.remove();
            after.remove();
        });
    }

    public void Dispose()
    {
        _removeHooks.ForEach(remove => remove());
        _removeHooks.Clear();
    }
}
