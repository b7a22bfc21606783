using AdaQat.Costs;

namespace AdaQat.Steering;

/// <summary>
/// How far η·λ·steps must go for widths that meet no resistance to come down to a cost: N ← clamp(N − η·λ·scale·∂L_hard/∂N), whatever the
/// cost's form.
/// </summary>
/// <param name="Length">η·λ·steps.</param>
/// <param name="Fall">ln of the cost at the start over the cost at the end.</param>
internal readonly record struct UnopposedDescent(double Length, double Fall)
{
    /// <summary>How far the fastest width moves between two looks at the cost, in bits.</summary>
    private const double Stride = 0.05;

    /// <summary>Two bits of the fastest width: however near the target, widths must be able to part.</summary>
    private const int FewestStrides = 40;

    /// <summary>Near the smallest cost, a layer with a small share of it would take for ever.</summary>
    private const int MostStrides = 400;

    /// <param name="cost">The cost as a function of the widths' bits.</param>
    /// <param name="values">N at the start.</param>
    /// <param name="scales">The factor on each width's gradient.</param>
    /// <param name="target">The cost to come down to.</param>
    public static UnopposedDescent To(CostOfBits cost, IReadOnlyList<double> values, IReadOnlyList<double> scales, double target)
    {
        var now = values.ToArray();
        var start = cost.Real(now);
        var (length, total) = (0.0, start);
        for (var strides = 0; strides < MostStrides && (total > target || strides < FewestStrides); strides++)
        {
            var bits = now.Select(n => (int)Math.Ceiling(n)).ToList();
            var speeds = scales.Select((scale, i) => scale * cost.Derivative(bits, i)).ToList();
            var fastest = speeds.Count > 0 ? speeds.Max() : 0;
            if (!(fastest > 0))
            {
                break;
            }

            for (var i = 0; i < now.Length; i++)
            {
                now[i] = Math.Clamp(now[i] - (Stride * speeds[i] / fastest), cost.Widths[i].Minimum, cost.Widths[i].Maximum);
            }

            length += Stride / fastest;
            total = cost.Real(now);
        }

        return new UnopposedDescent(length, Math.Log(start / total));
    }
}
