using static TorchSharp.torch;

namespace AdaQat.Quantizers.Uniform;

/// <summary>The formula of uniform grids, one tensor operator after the other: for every device, type and layout.</summary>
/// <remarks>
/// With a scale s, an integer zero point z, a bias b and an offset o, which is −z − b: r = round(x/s + b) + z; the code q is r, held within
/// the smallest and the largest code, or r wrapped into them; x̂ = (q + o)·s. Round goes half to even. Saturating, ∂x̂/∂x is 1 where r is
/// one of the grid's codes, else 0; wrapping, it is 1. NaN stays NaN and has no gradient.
/// </remarks>
internal static class UniformOperators
{
    /// <summary>x̂.</summary>
    public static Tensor Forward(Tensor input, Tensor numbers, UniformForm form)
    {
        using var scope = NewDisposeScope();
        var (view, scales) = form.Granularity.Layout(input.shape);
        var codes = Held(Unheld(input.reshape(view), numbers, scales), form);
        return codes.Add(GridNumbers.Row(numbers, GridNumbers.Offset, scales)).mul(GridNumbers.Row(numbers, GridNumbers.Scale, scales))
            .reshape(input.shape).MoveToOuterDisposeScope();
    }

    /// <summary>q, as whole numbers of the input's type.</summary>
    public static Tensor Codes(Tensor input, Tensor numbers, UniformForm form)
    {
        using var scope = NewDisposeScope();
        var (view, scales) = form.Granularity.Layout(input.shape);
        return Held(Unheld(input.reshape(view), numbers, scales), form).reshape(input.shape).MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂x.</summary>
    public static Tensor BackwardInput(Tensor gradient, Tensor input, Tensor numbers, UniformForm form)
    {
        if (form.Overflow == CodeOverflow.Wrap)
        {
            return gradient.clone();
        }

        using var scope = NewDisposeScope();
        var (view, scales) = form.Granularity.Layout(input.shape);
        var codes = Unheld(input.reshape(view), numbers, scales).reshape(input.shape);
        var isInside = codes.Ge(form.Smallest).logical_and(codes.Le(form.Largest));
        return gradient.MaskedFill(isInside.logical_not(), 0).MoveToOuterDisposeScope();
    }

    /// <summary>r.</summary>
    private static Tensor Unheld(Tensor view, Tensor numbers, long[] scales) => view
        .div(GridNumbers.Row(numbers, GridNumbers.Divisor, scales)).Add(GridNumbers.Row(numbers, GridNumbers.Bias, scales))
        .round().Add(GridNumbers.Row(numbers, GridNumbers.ZeroPoint, scales));

    /// <summary>q. What rounding leaves of the largest numbers after wrapping is held, too.</summary>
    private static Tensor Held(Tensor codes, UniformForm form)
    {
        if (form.Overflow == CodeOverflow.Wrap)
        {
            codes = codes.sub(codes.Sub(form.Smallest).Div(form.Count).floor().Mul(form.Count));
        }

        return codes.Clamp(form.Smallest, form.Largest);
    }
}
