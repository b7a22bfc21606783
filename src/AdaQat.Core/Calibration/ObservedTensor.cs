using System.Runtime.InteropServices;
using AdaQat.Observers;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>What is seen of a tensor that is quantized, batch by batch, and the observers of its scales.</summary>
internal sealed class ObservedTensor : IDisposable
{
    private const int Bins = 2048;

    /// <summary>What a span of bytes holds of float32.</summary>
    private const int MostAtOnce = 1 << 28;

    private readonly Quantizer _quantizer;
    private readonly Granularity _granularity;
    private readonly string _observerName;
    private readonly Observer[]? _observers;
    private readonly ValueHistogram[] _histograms;
    private readonly InputSample? _sample;
    private long _nonFinite;

    /// <param name="quantizer">What the ranges are for.</param>
    /// <param name="target">A weight or an input.</param>
    /// <param name="options">Makes the observers; null where the quantizer is to choose by itself.</param>
    public ObservedTensor(Quantizer quantizer, QuantizerTarget target, ObserverOptions? options)
    {
        _quantizer = quantizer;
        var layout = quantizer.RangeLayout;
        if (options is not null && layout is not null)
        {
            var request = new ObserverRequest(quantizer, target);
            _observers = [.. Enumerable.Range(0, checked((int)layout.Count)).Select(_ => options.Create(request))];
            (_granularity, _observerName) = (layout.Granularity, options.Name);
        }
        else
        {
            (_granularity, _observerName, _sample) = (Granularity.PerTensor, "quantizer", new InputSample());
        }

        _histograms = [.. Enumerable.Range(0, _observers?.Length ?? 1).Select(_ => new ValueHistogram(Bins))];
    }

    /// <summary>How many elements were NaN or infinite.</summary>
    public long NonFinite => _nonFinite;

    /// <summary>Whether a batch was seen.</summary>
    public bool WasReached { get; private set; }

    /// <summary>Looks at a batch.</summary>
    /// <exception cref="ArgumentException">It has another number of channels or groups than the quantizer takes ranges for.</exception>
    public void Add(Tensor input)
    {
        if (input.numel() == 0)
        {
            return;
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = _granularity.Rows(input.detach()).to(ScalarType.Float32).cpu().contiguous();
        if (rows.shape[0] != _histograms.Length)
        {
            throw new ArgumentException(
                $"A tensor of shape [{string.Join(", ", input.shape)}] has {rows.shape[0]} scales {_granularity}; "
                + $"{_quantizer.GetType().Name} of '{_quantizer.Width.Name}' takes {_histograms.Length} ranges.", nameof(input));
        }

        WasReached = true;
        _sample?.Add(input);
        for (var row = 0; row < _histograms.Length; row++)
        {
            using var values = rows.select(0, row);
            for (var from = 0L; from < rows.shape[1]; from += MostAtOnce)
            {
                using var piece = values.narrow(0, from, Math.Min(MostAtOnce, rows.shape[1] - from));
                Add(row, MemoryMarshal.Cast<byte, float>(piece.bytes));
            }
        }
    }

    /// <summary>Gives the quantizer its ranges.</summary>
    /// <param name="layer">The layer's name, for the report.</param>
    /// <param name="target">A weight or an input.</param>
    public CalibratedRange Apply(string layer, QuantizerTarget target)
    {
        var ranges = _observers is null ? OfItsOwn() : Observed(layer, _observers);
        var finite = _histograms.Sum(h => h.Count);
        return new CalibratedRange(
            layer, target, _observerName, finite + _nonFinite, _nonFinite,
            finite == 0 ? 0 : _histograms.Where(h => h.Count > 0).Min(h => h.Minimum),
            finite == 0 ? 0 : _histograms.Where(h => h.Count > 0).Max(h => h.Maximum),
            ranges, ranges.Count == 0 || finite == 0 ? null : _histograms.Zip(ranges).Sum(Clipped) / finite);
    }

    public void Dispose() => _sample?.Dispose();

    private static double Clipped((ValueHistogram Histogram, ValueRange Range) seen) =>
        seen.Histogram.CountBelow(seen.Range.Low) + seen.Histogram.CountAbove(seen.Range.High);

    private void Add(int row, ReadOnlySpan<float> all)
    {
        var finite = Finite(all);
        _nonFinite += all.Length - finite.Length;
        if (finite.Length > 0)
        {
            _histograms[row].Add(finite);
            _observers?[row].Observe(finite);
        }
    }

    private static ReadOnlySpan<float> Finite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                return values.ToArray().Where(float.IsFinite).ToArray();
            }
        }

        return values;
    }

    /// <summary>The quantizer starts from a sample, and its grids say what it took.</summary>
    private IReadOnlyList<ValueRange> OfItsOwn()
    {
        using var sample = _sample!.Whole();
        if (sample is not null)
        {
            using var noGradient = no_grad();
            _quantizer.Calibrate(sample);
        }

        return _quantizer.RangeLayout is { Count: 1 } && _quantizer.IsCalibrated ? [EndsOf(_quantizer.GridsInForce()[0])] : [];
    }

    private static ValueRange EndsOf(QuantizationGrid grid) => grid switch
    {
        UniformGrid uniform => new ValueRange(
            uniform.Scales[0] * (uniform.SmallestCode + uniform.Offsets[0]),
            uniform.Scales[0] * (uniform.LargestCode + uniform.Offsets[0])),
        LevelGrid levels => new ValueRange(levels.Levels.Min(), levels.Levels.Max()),
        _ => throw new NotSupportedException($"{grid.GetType().Name} is no grid whose ends are known."),
    };

    /// <summary>Scales that have seen nothing but zeros get the range of all.</summary>
    private List<ValueRange> Observed(string layer, Observer[] observers)
    {
        var seen = _histograms.Where(h => h.HasValues).Select(h => new ValueRange(h.Minimum, h.Maximum).WithZero()).ToList();
        if (seen.Count == 0)
        {
            return [];
        }

        var all = ValueRange.Hull(seen);
        // With this the sign is known, which decides what grids observers are told of.
        _quantizer.SetRange(all.Low, all.High);
        var ranges = _histograms.Zip(observers).Select(s => s.First.HasValues ? s.Second.Range() : (ValueRange?)null).ToList();
        var chosen = ranges.Any(r => r is not null) ? ValueRange.Hull([.. ranges.OfType<ValueRange>()]) : all;
        var result = ranges.ConvertAll(r => (r ?? chosen).WithZero());
        try
        {
            _quantizer.SetRanges(result);
        }
        catch (ArgumentException fault)
        {
            throw new InvalidOperationException(
                $"The observer '{_observerName}' chose a range for layer '{layer}' that cannot be one: {fault.Message}", fault);
        }

        return result;
    }
}
