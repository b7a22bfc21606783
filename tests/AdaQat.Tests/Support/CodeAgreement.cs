using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>What a quantizer's <c>forward</c> returns is, to the bit, what its codes stand for.</summary>
internal static class CodeAgreement
{
    private static readonly double[] EdgeValues = [0.0, -0.0, 1e-45, -1e-45, 1, -1, 0.5, -0.5, 1e-8, 1e30, -1e30, 0.25, 0.75, 1.5];

    /// <summary>Tensors of many shapes and layouts, edge values the last.</summary>
    public static IEnumerable<Tensor> Tensors(ScalarType type)
    {
        using var generator = new Generator(7);
        foreach (var shape in (long[][])[[], [1], [7], [3, 5], [4, 3, 3, 3], [2, 1030]])
        {
            yield return randn(shape, generator: generator).to(type);
        }

        yield return randn([3, 4, 5], generator: generator).to(type).permute(2, 0, 1);
        yield return randn([6, 8], generator: generator).to(type).slice(1, 0, 8, 3);
        yield return Make.Tensor(EdgeValues).to(type);
    }

    public static void Check(Quantizer quantizer, Tensor input, string what)
    {
        using var scope = NewDisposeScope();
        var expected = quantizer.call(input);
        using var encoded = quantizer.Encode(input);
        var decoded = encoded.Decode();

        decoded.dtype.Should().Be(input.dtype, what);
        decoded.shape.Should().Equal(input.shape, what);
        expected.dtype.Should().Be(input.dtype, what);
        expected.shape.Should().Equal(input.shape, what);
        Bits.Of(decoded.contiguous()).AsSpan().SequenceEqual(Bits.Of(expected.contiguous())).Should().BeTrue(
            "{0}: {1} is {2}", what, string.Join(' ', Near.Numbers(decoded).Take(14)), string.Join(' ', Near.Numbers(expected).Take(14)));
    }
}
