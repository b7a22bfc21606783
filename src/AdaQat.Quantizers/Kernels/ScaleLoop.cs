using System.Numerics;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>
/// Walks through a tensor's memory with the numbers of each element's scale: row by row, or, where rows are short, straight on, with the
/// numbers spread over the elements.
/// </summary>
internal sealed unsafe class ScaleLoop<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows shorter than this are better served by the operators, which go across them, where numbers cannot be spread.</summary>
    public const int ShortestRow = 16;

    /// <summary>Over rows shorter than this numbers are spread. Measured: from about here on it is faster to go row by row.</summary>
    private const int ShortestOwnRow = 48;

    /// <summary>The most elements that numbers are spread over: 256 KB a row of float32, which the last cache has.</summary>
    private const int LongestPeriod = 1 << 16;

    private readonly DenseMemory<T>? _numbers;
    private readonly SpreadNumbers<T>? _spread;
    private readonly RowWalk _rows;
    private readonly long _elements;

    /// <param name="tensor">Whose elements.</param>
    /// <param name="granularity">How far a scale reaches.</param>
    /// <param name="numbers">A contiguous table with a column for each scale, of the tensor's type; null where there are none.</param>
    public ScaleLoop(Tensor tensor, Granularity granularity, Tensor? numbers)
    {
        (_rows, _elements) = (RowWalk.Of(tensor, granularity), tensor.numel());
        _numbers = numbers is null ? null : new DenseMemory<T>(numbers);
        _spread = IsSpread(_rows)
            ? new SpreadNumbers<T>(Table, (int)((numbers?.numel() ?? 0) / _rows.Scales), _rows) : null;
    }

    private T* Table => _numbers is null ? null : _numbers.From(0);

    /// <summary>Whether this serves a tensor.</summary>
    public static bool Serves(Tensor tensor, Granularity granularity) =>
        RowWalk.Serves(tensor, granularity) && RowWalk.Of(tensor, granularity) is var rows
        && (rows.Length >= ShortestRow || rows.Scales == 1 || IsSpread(rows));

    /// <summary>Applies an operation to all elements.</summary>
    /// <param name="form">What the operation has to know besides its numbers.</param>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input; may be the first again.</param>
    /// <param name="result">Where results go.</param>
    public void Run<TForm, TStep>(TForm form, DenseMemory<T> first, DenseMemory<T> second, DenseMemory<T> result)
        where TStep : struct, IScaledOperator<T, TForm, TStep>
    {
        if (_spread is { } spread)
        {
            Blocks.Run(_elements, (_, start, length) =>
                Along<TForm, TStep>(
                    spread, form, first.From(start), second.From(start), result.From(start), start, length, sums: null, null, null));
            return;
        }

        var numbers = new ScaleNumbers<T>(Table, _rows.Scales, isSpread: false);
        Blocks.Run(_elements, (_, start, length) => _rows.Run(start, length, (scale, from, count) =>
        {
            var step = TStep.At(numbers, scale, form);
            VectorLoop.Run(ref step, first.From(from), second.From(from), result.From(from), count);
        }));
    }

    /// <summary>Applies an operation to all elements, and adds up its two sums scale by scale.</summary>
    /// <param name="form">What the operation has to know besides its numbers.</param>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input; may be the first again.</param>
    /// <param name="result">Where results go; null where only sums are wanted.</param>
    /// <param name="sums">Takes the sums from an operation.</param>
    public (double[] First, double[] Second) Sum<TForm, TStep>(
        TForm form, DenseMemory<T> first, DenseMemory<T> second, DenseMemory<T>? result,
        Func<TStep, (Vector<T> First, Vector<T> Second)> sums)
        where TStep : struct, IScaledOperator<T, TForm, TStep>
    {
        if (_spread is { } spread)
        {
            return SumAlong(spread, form, first, second, result, sums);
        }

        var numbers = new ScaleNumbers<T>(Table, _rows.Scales, isSpread: false);
        return _rows.Fold(
            _elements,
            (scale, from, count) => BlockSums.Run(
                TStep.At(numbers, scale, form), first.From(from), second.From(from), result is null ? null : result.From(from), count,
                sums),
            static (a, b) => a + b, static (a, b) => a + b);
    }

    /// <summary>The mean magnitude of each scale's elements.</summary>
    public double[] Magnitudes(DenseMemory<T> values)
    {
        var (sums, _) = Sum<NoForm, AbsoluteSumOperator<T>>(default, values, values, null, static s => (s.Sum, Vector<T>.Zero));
        var count = _elements / (double)_rows.Scales;
        return Array.ConvertAll(sums, sum => sum / count);
    }

    public void Dispose() => _numbers?.Dispose();

    private static bool IsSpread(RowWalk rows) =>
        rows.Scales > 1 && rows.Length < ShortestOwnRow && SpreadNumbers<T>.PeriodOf(rows) <= LongestPeriod;

    private (double[] First, double[] Second) SumAlong<TForm, TStep>(
        SpreadNumbers<T> spread, TForm form, DenseMemory<T> first, DenseMemory<T> second, DenseMemory<T>? result,
        Func<TStep, (Vector<T> First, Vector<T> Second)> sums)
        where TStep : struct, IScaledOperator<T, TForm, TStep>
    {
        var parts = new (double[] First, double[] Second)[Blocks.Count(_elements)];
        Blocks.Run(_elements, (block, start, length) =>
        {
            // A vector may begin at the last place.
            var (a, b) = parts[block] = (new double[spread.Period + Vector<T>.Count], new double[spread.Period + Vector<T>.Count]);
            fixed (double* ofFirst = a, ofSecond = b)
            {
                Along(
                    spread, form, first.From(start), second.From(start), result is null ? null : result.From(start), start, length, sums,
                    ofFirst, ofSecond);
            }
        });
        var (firsts, seconds) = (new double[_rows.Scales], new double[_rows.Scales]);
        foreach (var (a, b) in parts)
        {
            _rows.Run(0, a.Length, (scale, from, count) =>
            {
                for (var i = from; i < from + count; i++)
                {
                    firsts[scale] += a[i];
                    seconds[scale] += b[i];
                }
            });
        }

        return (firsts, seconds);
    }

    private static void Along<TForm, TStep>(
        SpreadNumbers<T> spread, TForm form, T* first, T* second, T* result, long start, long length,
        Func<TStep, (Vector<T> First, Vector<T> Second)>? sums, double* ofFirst, double* ofSecond)
        where TStep : struct, IScaledOperator<T, TForm, TStep>
    {
        var (numbers, period) = (spread.Numbers, spread.Period);
        var place = start % period;
        for (var i = 0L; i < length; i += Vector<T>.Count)
        {
            var step = TStep.At(numbers, place, form);
            if (length - i < Vector<T>.Count)
            {
                VectorLoop.Run(ref step, first + i, second + i, result is null ? null : result + i, length - i);
            }
            else if (result is null)
            {
                step.At(Vector.Load(first + i), Vector.Load(second + i));
            }
            else
            {
                step.At(Vector.Load(first + i), Vector.Load(second + i)).Store(result + i);
            }

            if (sums is not null)
            {
                var (one, other) = sums(step);
                Add(one, ofFirst + place);
                Add(other, ofSecond + place);
            }

            place += Vector<T>.Count;
            place -= place >= period ? period : 0;
        }
    }

    private static void Add(Vector<T> values, double* sums)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(values.As<T, float>(), out var low, out var high);
            (Vector.Load(sums) + low).Store(sums);
            (Vector.Load(sums + Vector<double>.Count) + high).Store(sums + Vector<double>.Count);
        }
        else
        {
            (Vector.Load(sums) + values.As<T, double>()).Store(sums);
        }
    }
}
