using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Corrections;

/// <summary>The mean of each output channel of layers, over the forwards that are made until it is told to stop.</summary>
internal sealed class ChannelMeans : IDisposable
{
    private readonly Dictionary<string, (Tensor Sum, double Count)> _sums = [];
    private readonly List<Action> _removeHooks = [];

    public ChannelMeans(IEnumerable<NetworkLayer> layers)
    {
        foreach (var layer in layers)
        {
            var hook = layer.Module.register_forward_hook((_, _, output) =>
            {
                Add(layer, output);
                return output;
            });
            _removeHooks.Add(hook.remove);
        }
    }

    /// <summary>The means in float64; null where no forward reached the layer.</summary>
    public Tensor? Of(NetworkLayer layer) => _sums.TryGetValue(layer.Name, out var sum) ? sum.Sum.Div(sum.Count) : null;

    /// <summary>Looks at no further forwards.</summary>
    public void Stop()
    {
        _removeHooks.ForEach(remove => remove());
        _removeHooks.Clear();
    }

    public void Dispose()
    {
        Stop();
        foreach (var (sum, _) in _sums.Values)
        {
            sum.Dispose();
        }
    }

    private void Add(NetworkLayer layer, Tensor output)
    {
        using var scope = NewDisposeScope();
        var axis = layer.ChannelAxis(output);
        var others = Enumerable.Range(0, (int)output.dim()).Where(other => other != axis).Select(other => (long)other).ToArray();
        var values = output.detach().to(ScalarType.Float64);
        var sum = others.Length == 0 ? values : values.sum(others);
        var count = (double)output.numel() / output.shape[axis];
        if (_sums.TryGetValue(layer.Name, out var known))
        {
            known.Sum.AddInPlace(sum);
            _sums[layer.Name] = (known.Sum, known.Count + count);
        }
        else
        {
            _sums.Add(layer.Name, (sum.clone().DetachFromDisposeScope(), count));
        }
    }
}
