using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Pact;

public sealed class PactPropertyTests
{
    private static readonly FsCheck.Gen<(int Bits, double Alpha, bool IsSigned, double[] Values)> Cases =
        from grid in Arbitrary.Grids
        from values in Arbitrary.Values
        select (grid.Bits, grid.Alpha, grid.IsSigned, values);

    [Fact]
    public void There_are_at_most_two_to_the_k_levels() => Arbitrary.ForAll(Cases, c =>
        Quantized(c.Values, c.Bits, c.Alpha, c.IsSigned).Distinct().Count().Should().BeLessThanOrEqualTo(1 << c.Bits));

    [Fact]
    public void A_fine_ramp_reaches_every_level() => Arbitrary.ForAll(Arbitrary.Grids, c =>
    {
        var ramp = Enumerable.Range(-1000, 2001).Select(i => c.Alpha * i / 1000).ToArray();
        // The symmetric grid leaves the most negative code unused, save with one bit.
        Quantized(ramp, c.Bits, c.Alpha, c.IsSigned).Distinct().Should().HaveCount((1 << c.Bits) - (c.IsSigned && c.Bits > 1 ? 1 : 0));
    });

    [Fact]
    public void The_error_inside_the_range_is_at_most_half_a_step() => Arbitrary.ForAll(Cases, c =>
    {
        var quantized = Quantized(c.Values, c.Bits, c.Alpha, c.IsSigned);
        var halfStep = c.Alpha / (2.0 * Steps(c.Bits, c.IsSigned));
        for (var i = 0; i < quantized.Length; i++)
        {
            var clipped = Math.Clamp(c.Values[i], c.IsSigned ? -c.Alpha : 0, c.Alpha);
            Math.Abs(quantized[i] - clipped).Should().BeLessThanOrEqualTo(halfStep * (1 + 1e-12));
        }
    });

    [Fact]
    public void Quantizing_twice_changes_nothing() => Arbitrary.ForAll(Cases, c =>
    {
        var once = Quantized(c.Values, c.Bits, c.Alpha, c.IsSigned);
        Quantized(once, c.Bits, c.Alpha, c.IsSigned).Should().Equal(once);
    });

    [Fact]
    public void A_larger_input_never_gives_a_smaller_output() => Arbitrary.ForAll(Cases, c =>
        Quantized([.. c.Values.Order()], c.Bits, c.Alpha, c.IsSigned).Should().BeInAscendingOrder());

    [Fact]
    public void Zero_stays_zero_where_the_grid_has_a_zero() => Arbitrary.ForAll(Arbitrary.Grids, c =>
        Quantized([0], c.Bits, c.Alpha, c.IsSigned)[0].Should().Be(c.IsSigned && c.Bits == 1 ? -c.Alpha : 0));

    [Fact]
    public void The_signed_form_is_odd() => Arbitrary.ForAll(Cases, c =>
    {
        // One bit has to put zero on one side.
        var values = c.Values.Where(v => v != 0).ToArray();
        Quantized(values, c.Bits, c.Alpha, isSigned: true).Should()
            .Equal(Quantized([.. values.Select(v => -v)], c.Bits, c.Alpha, isSigned: true).Select(v => -v));
    });

    private static double Steps(int bits, bool isSigned) => isSigned ? Math.Max((1 << (bits - 1)) - 1, 0.5) : (1 << bits) - 1;

    private static double[] Quantized(double[] values, int bits, double alpha, bool isSigned)
    {
        if (values.Length == 0)
        {
            return [];
        }

        using var scope = NewDisposeScope();
        using var quantizer = Make.Pact(bits, alpha, isSigned, type: ScalarType.Float64);
        return Near.Numbers(quantizer.call(Make.Tensor(values, ScalarType.Float64)));
    }
}
