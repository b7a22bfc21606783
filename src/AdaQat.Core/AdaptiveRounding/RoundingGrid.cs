using AdaQat.Corrections;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.AdaptiveRounding;

/// <summary>
/// A weight among the codes of its quantizer: where its elements lie before they are rounded, which codes they may take, and the weight
/// that takes them.
/// </summary>
internal sealed class RoundingGrid
{
    /// <summary>How far a latent element stays from where its code would change, in steps.</summary>
    private const double Margin = 0.05;

    private readonly Quantizer _quantizer;
    private readonly Tensor _weight;
    private readonly Tensor _codes;
    private readonly Tensor _lowest;
    private readonly Tensor _highest;

    private RoundingGrid(Quantizer quantizer, Tensor weight, UniformGrid grid, Tensor codes, Tensor places, Tensor scale, Tensor offset)
    {
        (_quantizer, _weight, Grid, _codes, Places, Scale, Offset) = (quantizer, weight, grid, codes, places, scale, offset);
        (_lowest, _highest, IsPinned) = Limits();
        Smallest = _lowest.Sub(0.5).Add(Margin).ceil().ClampMin(grid.SmallestCode);
        Largest = _highest.Add(0.5).Sub(Margin).floor().ClampMax(grid.LargestCode);
    }

    public UniformGrid Grid { get; }

    /// <summary>Where elements lie among the codes, in float64.</summary>
    public Tensor Places { get; }

    /// <summary>The scale of each element, or one for all.</summary>
    public Tensor Scale { get; }

    /// <summary>The offset of each element, or one for all.</summary>
    public Tensor Offset { get; }

    /// <summary>The elements that say how far the grid reaches: they keep their codes.</summary>
    public Tensor IsPinned { get; }

    /// <summary>The smallest code that an element can take.</summary>
    public Tensor Smallest { get; }

    /// <summary>The largest code that an element can take.</summary>
    public Tensor Largest { get; }

    /// <summary>The codes of plain rounding, in float64.</summary>
    public Tensor Nearest => _codes;

    /// <summary>The grid of a weight; null, with the reason, where rounding can't be learned on it.</summary>
    public static RoundingGrid? Of(Quantizer quantizer, Tensor weight, out string reason)
    {
        var family = quantizer.GetType().Name;
        using var encoded = Encoded(quantizer, weight, out reason);
        if (encoded is null)
        {
            return null;
        }

        if (encoded.Grid is not UniformGrid grid)
        {
            reason = $"the values of {family} are not evenly spaced";
            return null;
        }

        var (view, shape) = grid.Granularity.Layout(weight.shape);
        var scale = Spread(grid.Scales, view, shape, weight);
        var offset = Spread(grid.Offsets, view, shape, weight);
        if (scale.Le(0).any().item<bool>())
        {
            reason = "a scale of its grid is 0";
            return null;
        }

        var codes = encoded.Codes.to(ScalarType.Float64);
        var places = quantizer is ITransformedWeight transformed
            ? transformed.PlacesOf(weight)
            : (weight.detach().to(ScalarType.Float64) / scale) - offset;
        // An element midway between two codes may round either way in float32.
        var distance = (places.Clamp(grid.SmallestCode, grid.LargestCode) - codes).abs().max().item<double>();
        if (distance > 0.5 + 1e-3)
        {
            reason = $"the codes of {family} are not the nearest to its weights";
            return null;
        }

        return new RoundingGrid(quantizer, weight.detach(), grid, codes, places, scale, offset);
    }

    /// <summary>A weight that plain rounding gives these codes: each element stays where it is, if its code is what it was.</summary>
    /// <param name="codes">Codes that are allowed, in float64.</param>
    public Tensor WeightOf(Tensor codes)
    {
        var places = codes.maximum(_lowest.Add(Margin / 2)).minimum(_highest.Sub(Margin / 2));
        var moved = _quantizer is ITransformedWeight transformed
            ? transformed.WeightAt(places, _weight)
            : places.Add(Offset) * Scale;
        return where(codes.eq(_codes), _weight, moved.to(_weight.dtype));
    }

    /// <summary>Whether a weight has these codes, plainly rounded, and how far its scales are from those of before, as a share.</summary>
    public (bool HasCodes, double ScaleMoved) Check(Tensor weight, Tensor codes)
    {
        using var encoded = _quantizer.Encode(weight);
        var scales = ((UniformGrid)encoded.Grid).Scales;
        var moved = scales.Zip(Grid.Scales, (now, before) => Math.Abs((now / before) - 1)).Max();
        return (encoded.Codes.to(ScalarType.Float64).Equals(codes), moved);
    }

    private static EncodedTensor? Encoded(Quantizer quantizer, Tensor weight, out string reason)
    {
        reason = "";
        try
        {
            return quantizer.Encode(weight);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            reason = $"{quantizer.GetType().Name} does not tell its codes: {fault.Message}";
            return null;
        }
    }

    /// <summary>A number for each element.</summary>
    private static Tensor Spread(IReadOnlyList<double> numbers, long[] view, long[] shape, Tensor weight) =>
        tensor(numbers.ToArray(), dtype: ScalarType.Float64, device: weight.device).reshape(shape).expand(view).reshape(weight.shape);

    /// <summary>
    /// How far elements may go. A range that is given has no limits. One that follows from the weight is held by its outermost elements: of
    /// each scale the smallest and the largest, and where the grid clips, all beyond the middle of the outermost code.
    /// </summary>
    private (Tensor Lowest, Tensor Highest, Tensor IsPinned) Limits()
    {
        if (!FollowsFromWeight())
        {
            return (
                FullLike(Places, Grid.SmallestCode - 1), FullLike(Places, Grid.LargestCode + 1), zeros_like(Places).to(ScalarType.Bool));
        }

        var (least, most) = (Extreme(Places.neg()).neg(), Extreme(Places));
        var clips = least.min().item<double>() < Grid.SmallestCode - 0.5 - Margin
            || most.max().item<double>() > Grid.LargestCode + 0.5 + Margin;
        var lowest = clips ? least.ClampMin(Grid.SmallestCode + 0.5 + Margin) : least;
        var highest = clips ? most.ClampMax(Grid.LargestCode - 0.5 - Margin) : most;
        return (lowest, highest, Places.le(lowest.Add(1e-6)).logical_or(Places.ge(highest.Sub(1e-6))));
    }

    /// <summary>Whether a weight twice as large has another grid.</summary>
    private bool FollowsFromWeight()
    {
        using var twice = _weight.Mul(2);
        using var encoded = _quantizer.Encode(twice);
        return !((UniformGrid)encoded.Grid).Scales.SequenceEqual(Grid.Scales) || _quantizer is ITransformedWeight;
    }

    /// <summary>The largest of those that share a scale, at each element.</summary>
    private Tensor Extreme(Tensor places)
    {
        var (view, shape) = Grid.Granularity.Layout(places.shape);
        if (shape.Length == 0)
        {
            return places.max().expand(places.shape);
        }

        var axes = Enumerable.Range(0, view.Length).Where(axis => shape[axis] == 1).Select(axis => (long)axis).ToArray();
        var viewed = places.reshape(view);
        return (axes.Length == 0 ? viewed : viewed.amax(axes, keepdim: true)).expand(view).reshape(places.shape);
    }
}
