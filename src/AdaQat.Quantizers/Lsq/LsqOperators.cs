using AdaQat.Quantizers.Uniform;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Lsq;

/// <summary>LSQ's gradients (arXiv 1902.08153, 2004.09576), operator by operator: for every device, type and layout.</summary>
/// <remarks>
/// x̂ = s·(q − z) with q = round(x/s) + z held within the codes. With v = x/s + z the place among the codes before rounding, g = ∂L/∂x̂,
/// and z = round(−β/s), all roundings taken straight through: strictly between the smallest and the largest code ∂x̂/∂x = 1,
/// ∂x̂/∂s = round(x/s) − x/s, ∂x̂/∂β = 0; at the ends and beyond ∂x̂/∂x = 0, ∂x̂/∂s = q − z − β/s, without an offset the end's code,
/// ∂x̂/∂β = 1. NaN has no gradient. On the grid of two values ±s/2 v is x/s + ½, and q − ½ takes the place of q − z.
/// </remarks>
internal static class LsqOperators
{
    /// <summary>∂L/∂x.</summary>
    public static Tensor BackwardInput(Tensor gradient, Tensor input, Tensor numbers, UniformForm form)
    {
        using var scope = NewDisposeScope();
        var (view, scales) = form.Granularity.Layout(input.shape);
        var place = Place(Ratio(input.reshape(view), numbers, scales), numbers, scales);
        return Where(IsInside(place, form).reshape(input.shape), gradient).MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂s and ∂L/∂β, one for each scale.</summary>
    public static (Tensor ForStep, Tensor ForOffset) BackwardGrid(Tensor gradient, Tensor input, Tensor numbers, UniformForm form)
    {
        using var scope = NewDisposeScope();
        var (view, scales) = form.Granularity.Layout(input.shape);
        var g = gradient.reshape(view);
        var ratio = Ratio(input.reshape(view), numbers, scales);
        var place = Place(ratio, numbers, scales);
        var (isInside, isOutside) = (IsInside(place, form), place.Le(form.Smallest).logical_or(place.Ge(form.Largest)));
        var steps = ratio.Add(GridNumbers.Row(numbers, GridNumbers.Bias, scales)).round()
            .Add(GridNumbers.Row(numbers, GridNumbers.ZeroPoint, scales)).Clamp(form.Smallest, form.Largest)
            .Add(GridNumbers.Row(numbers, GridNumbers.Offset, scales));
        var slope = g.mul(steps.sub(Where(isInside, ratio)));
        var outside = Sums(Where(isOutside, g), form.Granularity);
        var forStep = Sums(Where(isInside.logical_or(isOutside), slope), form.Granularity)
            .Add(outside.mul(numbers.select(0, GridNumbers.RealZeroPoint)));
        return (forStep.MoveToOuterDisposeScope(), outside.MoveToOuterDisposeScope());
    }

    private static Tensor Ratio(Tensor view, Tensor numbers, long[] scales) =>
        view.div(GridNumbers.Row(numbers, GridNumbers.Divisor, scales));

    private static Tensor Place(Tensor ratio, Tensor numbers, long[] scales) => ratio
        .Add(GridNumbers.Row(numbers, GridNumbers.Bias, scales)).Add(GridNumbers.Row(numbers, GridNumbers.ZeroPoint, scales));

    private static Tensor IsInside(Tensor place, UniformForm form) => place.Gt(form.Smallest).logical_and(place.Lt(form.Largest));

    private static Tensor Where(Tensor condition, Tensor values) => values.MaskedFill(condition.logical_not(), 0);

    /// <summary>Of a tensor in the shape in which it is looked at.</summary>
    private static Tensor Sums(Tensor view, Granularity granularity) => granularity switch
    {
        { Axis: null } => view.sum().reshape(1),
        { GroupSize: not null } => view.sum(2).reshape(-1),
        { Axis: { } axis } => view.transpose(0, axis).reshape(view.shape[axis], -1).sum(1),
    };
}
