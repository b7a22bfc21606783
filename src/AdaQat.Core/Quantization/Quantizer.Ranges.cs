using AdaQat.Quantization;
using static TorchSharp.torch;

namespace AdaQat;

public abstract partial class Quantizer
{
    /// <summary>
    /// How far the ranges reach that <see cref="SetRange(double, double)"/> takes; null (the default) where the family takes none, or these
    /// options do: since they give the range, or since each tensor brings its own.
    /// </summary>
    public virtual RangeLayout? RangeLayout => null;

    /// <summary>Gives every scale the same range, whatever it was: what an observer chose, or a range that is known.</summary>
    /// <param name="low">The smallest value to cover, in units of the tensor. 0 is always taken in.</param>
    /// <param name="high">The largest value to cover, at least <paramref name="low"/>.</param>
    /// <remarks>
    /// Where values may not be negative so far, a range with negative values brings the sign, as <see cref="Calibrate"/> does. Symmetric
    /// grids cover the end that is farther from 0.
    /// </remarks>
    /// <exception cref="ArgumentException">An end is not finite, they are in the wrong order, or both 0.</exception>
    /// <exception cref="InvalidOperationException">The quantizer takes no range: see <see cref="RangeLayout"/>.</exception>
    public void SetRange(double low, double high)
    {
        var layout = RequireLayout();
        SetRanges(Enumerable.Repeat(new ValueRange(low, high), checked((int)layout.Count)).ToList());
    }

    /// <summary>Gives each scale a range of its own.</summary>
    /// <param name="ranges">As many as <see cref="RangeLayout"/> has, channel by channel or group by group.</param>
    /// <inheritdoc cref="SetRange(double, double)" path="/remarks"/>
    /// <exception cref="ArgumentException">
    /// There are more or fewer, or one has an end that is not finite, ends in the wrong order, or nothing but 0.
    /// </exception>
    /// <exception cref="InvalidOperationException">The quantizer takes no range: see <see cref="RangeLayout"/>.</exception>
    public void SetRanges(IReadOnlyList<ValueRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var layout = RequireLayout();
        if (ranges.Count != layout.Count)
        {
            throw new ArgumentException(
                $"{GetType().Name} was given {ranges.Count} ranges; it takes {layout.Count}, {layout.Granularity}.", nameof(ranges));
        }

        var checkedRanges = ranges.Select(r => r.Required(nameof(ranges))).ToList();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        TakeRanges(checkedRanges);
    }

    /// <summary>The grids that ranges would give, each on its own, at the width in force. The state stays as it is.</summary>
    /// <param name="ranges">At least one, as for <see cref="SetRanges"/>.</param>
    /// <returns>A grid of one scale, or a table of levels, for each.</returns>
    /// <exception cref="ArgumentException">
    /// A range has an end that is not finite, ends in the wrong order, or nothing but 0.
    /// </exception>
    /// <exception cref="InvalidOperationException">The quantizer takes no range: see <see cref="RangeLayout"/>.</exception>
    public IReadOnlyList<QuantizationGrid> GridsOver(IReadOnlyList<ValueRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var count = checked((int)RequireLayout().Count);
        using var before = new QuantizerState(this);
        try
        {
            // As many at a time as there are scales; the last ones are filled up.
            return [.. ranges.Chunk(count).SelectMany(some =>
            {
                SetRanges([.. some, .. Enumerable.Repeat(some[^1], count - some.Length)]);
                return GridsInForce().Take(some.Length);
            })];
        }
        finally
        {
            before.Restore();
        }
    }

    /// <summary>
    /// Takes ranges over into parameters and buffers; called without gradient, in a dispose scope. Override it together with
    /// <see cref="RangeLayout"/>.
    /// </summary>
    /// <param name="ranges">As many as <see cref="RangeLayout"/> has; each has 0 in it, and more.</param>
    protected virtual void TakeRanges(IReadOnlyList<ValueRange> ranges) => throw new NotSupportedException(
        $"{GetType().Name} overrides {nameof(RangeLayout)} without {nameof(TakeRanges)}.");

    /// <summary>The grids of the ranges that it has, scale by scale.</summary>
    internal IReadOnlyList<QuantizationGrid> GridsInForce()
    {
        var layout = RequireLayout();
        using var scope = NewDisposeScope();
        var device = StateTensors().First().device;
        using var encoded = Encode(zeros(layout.SmallestShape, dtype: ScalarType.Float32, device: device));
        return encoded.Grid is UniformGrid grid && layout.Count > 1
            ? [.. grid.Scales.Zip(grid.Offsets).Select(n => new UniformGrid(n.First, n.Second, grid.SmallestCode, grid.LargestCode))]
            : [encoded.Grid];
    }

    /// <summary>Whether it has started is looked at anew: its state was put back.</summary>
    internal void ForgetStart() => _isStarted = false;

    private RangeLayout RequireLayout() => RangeLayout ?? throw new InvalidOperationException(
        $"{GetType().Name} of '{Width.Name}' takes no range: its options give one, each tensor brings its own, or the family has none.");
}
