using AdaQat.Quantizers.Uniform;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.LearnedRange;

/// <summary>
/// The gradients of a learned step and range (arXiv 1905.11452, section 3), operator by operator: for every device, type and layout.
/// </summary>
/// <remarks>
/// x̂ = d·round(x/d) where |x/d| ≤ M, else ±d·M, without a sign 0 below zero; M = round(q/d), and d·M is taken for q straight through. With
/// all roundings so: inside ∂x̂/∂x = 1, ∂x̂/∂d = (x̂ − x)/d, ∂x̂/∂q = 0; beyond ∂x̂/∂x = ∂x̂/∂d = 0, ∂x̂/∂q = ±1, without a sign 0 below
/// zero. NaN has no gradient. Where the step follows from the range, d = q/M, it passes its gradient on.
/// </remarks>
internal static class LearnedRangeOperators
{
    /// <summary>∂L/∂x.</summary>
    public static Tensor BackwardInput(Tensor gradient, Tensor input, Tensor numbers, UniformForm form)
    {
        using var scope = NewDisposeScope();
        return Where(IsInside(Place(Ratio(input, numbers), numbers), form), gradient).MoveToOuterDisposeScope();
    }

    /// <summary>Σ g·(x̂ − x)/d inside, which is ∂L/∂d, and Σ g·x̂/d beyond, which is M·∂L/∂q.</summary>
    public static (Tensor Inside, Tensor Beyond) BackwardGrid(Tensor gradient, Tensor input, Tensor numbers, UniformForm form)
    {
        using var scope = NewDisposeScope();
        var ratio = Ratio(input, numbers);
        var place = Place(ratio, numbers);
        var steps = ratio.Add(Number(numbers, GridNumbers.Bias)).round().Clamp(form.Smallest, form.Largest)
            .Add(Number(numbers, GridNumbers.Offset));
        var isBeyond = place.Lt(form.Smallest).logical_or(place.Gt(form.Largest));
        return (
            Where(IsInside(place, form), gradient.mul(steps.sub(ratio))).sum().MoveToOuterDisposeScope(),
            Where(isBeyond, gradient.mul(steps)).sum().MoveToOuterDisposeScope());
    }

    private static Tensor Ratio(Tensor input, Tensor numbers) => input.div(Number(numbers, GridNumbers.Divisor));

    private static Tensor Place(Tensor ratio, Tensor numbers) => ratio.Add(Number(numbers, GridNumbers.Bias));

    private static Tensor Number(Tensor numbers, int row) => numbers.select(0, row).reshape([]);

    private static Tensor IsInside(Tensor place, UniformForm form) => place.Ge(form.Smallest).logical_and(place.Le(form.Largest));

    private static Tensor Where(Tensor condition, Tensor values) => values.MaskedFill(condition.logical_not(), 0);
}
