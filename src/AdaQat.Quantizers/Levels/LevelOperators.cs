using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Levels;

/// <summary>Rounding to levels within a range α, one tensor operator after the other: for every device, type and layout.</summary>
/// <remarks>
/// x̂ = sign(x)·m, m the level S·(α/S_max) nearest to |x|, with S from the table. With y = clip(x, −α, α) (unsigned: clip(x, 0, α)) and
/// round's gradient taken as 1, ∂x̂/∂x is 1 strictly inside the range and 0 outside, ∂x̂/∂α is (x̂ − y)/α inside, 1 where x ≥ α, and
/// −1 where x ≤ −α in the signed form (APoT, arXiv 1909.13144). A range of 0 gives zeros and passes the gradient on unchanged. NaN
/// stays NaN and has no gradient.
/// </remarks>
internal static class LevelOperators
{
    /// <summary>x̂, for a scalar α of the input's type.</summary>
    public static Tensor Forward(Tensor input, Tensor range, LevelForm form)
    {
        using var scope = NewDisposeScope();
        var magnitude = Levels(range, form.Table).index_select(0, Places(input, range, form).reshape(-1)).reshape(input.shape);
        var value = form.IsSigned ? magnitude.mul(input.sign()) : magnitude;
        // What is added is 0, which takes a zero's sign away, or NaN where the range is not finite, as it is of such a tensor.
        return where(input.isnan(), input, value.Add(range.sub(range))).MoveToOuterDisposeScope();
    }

    /// <summary>The places in <see cref="Table"/>, Int32.</summary>
    public static Tensor Codes(Tensor input, Tensor range, LevelForm form)
    {
        using var scope = NewDisposeScope();
        var places = Places(input, range, form);
        if (form.IsSigned)
        {
            places = places.mul(input.sign().to(ScalarType.Int64)).Add(form.Table.Middles.Length);
        }

        return places.to(ScalarType.Int32).MoveToOuterDisposeScope();
    }

    /// <summary>All levels, ascending, as numbers of the range's type.</summary>
    public static LevelGrid Table(Tensor range, LevelForm form)
    {
        using var scope = NewDisposeScope();
        var magnitudes = Levels(range, form.Table).to(ScalarType.Float64).cpu().data<double>().ToArray();
        return new LevelGrid(form.IsSigned ? [.. magnitudes.Skip(1).Reverse().Select(m => 0 - m), .. magnitudes] : magnitudes);
    }

    /// <summary>∂L/∂x.</summary>
    public static Tensor BackwardInput(Tensor gradient, Tensor input, Tensor range, LevelForm form)
    {
        using var scope = NewDisposeScope();
        var passes = form.PassesOutside ? ones_like(range, dtype: ScalarType.Bool) : Inside(input, range, form).logical_or(range.Eq(0));
        return Where(passes.logical_and(input.isnan().logical_not()), gradient).MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂α, of α's shape; 0 where α is.</summary>
    public static Tensor BackwardRange(Tensor gradient, Tensor input, Tensor range, LevelForm form)
    {
        using var scope = NewDisposeScope();
        var sum = Where(input.ge(range), gradient).sum();
        if (form.IsSigned)
        {
            sum = sum.sub(Where(input.le(range.neg()), gradient).sum());
        }

        var error = Forward(input, range, form).sub(input);
        var inside = Where(Inside(input, range, form), gradient.mul(error)).sum();
        var isZero = range.Eq(0);
        var whole = sum.Add(inside.div(where(isZero, ones_like(range), range)));
        return whole.MaskedFill(isZero, 0).reshape(range.shape).MoveToOuterDisposeScope();
    }

    /// <summary>Which magnitude of the table, counted from 0.</summary>
    private static Tensor Places(Tensor input, Tensor range, LevelForm form)
    {
        var thresholds = Numbers(form.Table.Middles, range).mul(Step(range, form.Table));
        return bucketize((form.IsSigned ? input.abs() : input).contiguous(), thresholds);
    }

    private static Tensor Levels(Tensor range, LevelTable table) => Numbers(table.Magnitudes, range).mul(Step(range, table));

    private static Tensor Step(Tensor range, LevelTable table) => range.div(Numbers([table.Largest], range));

    private static Tensor Numbers(double[] numbers, Tensor range) =>
        tensor(numbers, dtype: ScalarType.Float64).to(range.dtype).to(range.device);

    private static Tensor Inside(Tensor x, Tensor range, LevelForm form) =>
        form.IsSigned ? x.abs().lt(range) : x.Gt(0).logical_and(x.lt(range));

    private static Tensor Where(Tensor condition, Tensor gradient) => gradient.MaskedFill(condition.logical_not(), 0);
}
