using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>Samples of one layer input, evenly spread over all batches seen, in memory of a bounded size.</summary>
/// <remarks>Whole samples are kept, so that a quantizer gets a batch as its layer does, whatever dimensions it looks at.</remarks>
internal sealed class InputSample : IDisposable
{
    /// <summary>The elements kept of an input: enough for the tail that a range is cut off at, 8 MB in float32.</summary>
    private const long Capacity = 1L << 21;

    private readonly List<Tensor> _pieces = [];
    private long _interval = 1;
    private long _seen;

    /// <summary>How many elements were NaN or infinite, of all that were seen.</summary>
    public long NonFinite { get; private set; }

    /// <summary>Takes every so many samples of <paramref name="input"/> in; less often the more there have been.</summary>
    public void Add(Tensor input)
    {
        if (input.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        NonFinite += input.detach().isfinite().logical_not().sum().item<long>();
        var count = input.shape[0];
        var first = (_interval - (_seen % _interval)) % _interval;
        _seen += count;
        if (first < count)
        {
            Keep(_pieces, input.detach().slice(0, first, count, _interval));
        }

        while (_pieces.Sum(p => p.shape[0]) > 1 && _pieces.Sum(p => p.numel()) > Capacity)
        {
            Thin();
        }
    }

    /// <summary>All of it as one batch; flat where the batches' samples differed in shape. Null if nothing was seen.</summary>
    public Tensor? Whole()
    {
        if (_pieces.Count == 0)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var isUniform = _pieces.TrueForAll(p => p.shape.AsSpan(1).SequenceEqual(_pieces[0].shape.AsSpan(1)));
        return cat(isUniform ? _pieces : _pieces.ConvertAll(p => p.flatten()), 0).DetachFromDisposeScope();
    }

    public void Dispose() => _pieces.ForEach(p => p.Dispose());

    /// <summary>Leaves out every second sample.</summary>
    private void Thin()
    {
        var kept = new List<Tensor>();
        var index = 0L;
        foreach (var piece in _pieces)
        {
            var (count, first) = (piece.shape[0], index % 2);
            index += count;
            if (first < count)
            {
                Keep(kept, piece.slice(0, first, count, 2));
            }

            piece.Dispose();
        }

        _pieces.Clear();
        _pieces.AddRange(kept);
        _interval *= 2;
    }

    /// <summary>A copy, since a view would hold all of the tensor, and one that outlives the scope in which the model computes.</summary>
    private static void Keep(List<Tensor> pieces, Tensor samples) => pieces.Add(samples.clone().DetachFromDisposeScope());
}
