using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Codebook;

/// <summary>Weights by a codebook (Deep Compression, arXiv 1510.00149, section 3), one tensor operator after the other.</summary>
/// <remarks>
/// ŵ_i is the level nearest to w_i, of two equally near ones the smaller. With g = ∂L/∂ŵ, ∂L/∂level is the sum of g over the n weights that
/// have it, by default divided by √n, and ∂L/∂w = g (straight-through).
/// </remarks>
internal static class CodebookOperators
{
    /// <summary>ŵ, for levels in ascending order. NaN stays NaN.</summary>
    public static Tensor Forward(Tensor weight, Tensor levels)
    {
        using var scope = NewDisposeScope();
        var values = levels.index_select(0, Places(weight, levels).reshape(-1)).reshape(weight.shape);
        // Adding 0 takes a zero's sign away, which the code has none of.
        return where(weight.isnan(), weight, values.Add(0)).MoveToOuterDisposeScope();
    }

    /// <summary>The places of the levels, from 0.</summary>
    public static Tensor Codes(Tensor weight, Tensor levels)
    {
        using var scope = NewDisposeScope();
        return Places(weight, levels).to(ScalarType.Int32).MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂level, summed in double; divided by √n where it is to be scaled.</summary>
    public static Tensor BackwardLevels(Tensor gradient, Tensor weight, Tensor levels, bool isScaled)
    {
        using var scope = NewDisposeScope();
        var isNumber = weight.isnan().logical_not().reshape(-1);
        var places = Places(weight, levels).reshape(-1);
        var each = gradient.reshape(-1).to(ScalarType.Float64);
        var sums = Sums(where(isNumber, each, zeros_like(each)));
        return (isScaled ? sums.div(Sums(isNumber.to(ScalarType.Float64)).ClampMin(1).sqrt()) : sums)
            .to(levels.dtype).MoveToOuterDisposeScope();

        Tensor Sums(Tensor values) =>
            zeros(levels.shape, dtype: ScalarType.Float64, device: levels.device).IndexAdd(0, places, values);
    }

    /// <summary>
    /// 2^k levels by k-means on the finite weights, from levels evenly spaced between the smallest and the largest: ascending, the same for
    /// the same weights. Null where there is nothing but zeros, NaN and infinity.
    /// </summary>
    /// <remarks>
    /// On a line the weights of a level are neighbours: sorted once, with sums from the start up to each, an assignment is a search for the
    /// middles between levels, and a mean a difference of two sums. A level without weights stays where it is.
    /// </remarks>
    public static Tensor? Start(Tensor weight, int bits, int iterations)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var data = Magnitudes.Finite(weight.detach());
        if (data.numel() == 0 || data.Ne(0).any().logical_not().item<bool>())
        {
            return null;
        }

        var (sorted, _) = data.flatten().to(ScalarType.Float64).sort();
        var none = zeros([1], dtype: ScalarType.Float64, device: data.device);
        var sums = cat([none, sorted.cumsum(0)]);
        var (first, last) = (none.to(ScalarType.Int64), Full([1], data.numel(), dtype: ScalarType.Int64, device: data.device));
        var places = Arange(1 << bits, dtype: ScalarType.Float64, device: data.device).Div((1 << bits) - 1);
        var levels = sorted[0].Add(sorted[-1].sub(sorted[0]).mul(places));
        for (var i = 0; i < iterations; i++)
        {
            using var round = NewDisposeScope();
            var ends = cat([first, searchsorted(sorted, Middles(levels), right: true), last]);
            var counts = Differences(ends);
            var means = Differences(sums.index_select(0, ends)).div(counts.ClampMin(1));
            levels = where(counts.Gt(0), means, levels).MoveToOuterDisposeScope();
        }

        return levels.to(weight.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor Places(Tensor weight, Tensor levels) => bucketize(weight.contiguous(), Middles(levels));

    private static Tensor Middles(Tensor levels) =>
        levels.narrow(0, 0, levels.shape[0] - 1).Add(levels.narrow(0, 1, levels.shape[0] - 1)).Div(2);

    private static Tensor Differences(Tensor values) =>
        values.narrow(0, 1, values.shape[0] - 1).sub(values.narrow(0, 0, values.shape[0] - 1));
}
