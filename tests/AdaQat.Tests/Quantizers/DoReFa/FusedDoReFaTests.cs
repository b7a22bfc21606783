using AdaQat.Quantizers;
using AdaQat.Quantizers.DoReFa;
using AdaQat.Quantizers.Kernels;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.DoReFa;

/// <summary>DoReFa's kernels against its operators: equal but for the rounding of sums, and to the bit where the output has none.</summary>
public sealed class FusedDoReFaTests
{
    private static readonly DoReFaOptions Tanh = new() { Transform = WeightTransform.Tanh };

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_length_and_alignment_agrees(ScalarType type)
    {
        using var memory = Random(200, type);
        using var upstream = Random(200, type, seed: 2);
        var options = Make.DoReFaOptions.ToArray();
        for (var length = 1; length <= 130; length++)
        {
            using var scope = NewDisposeScope();
            Agree(memory.narrow(0, length % 19, length), upstream.narrow(0, length % 7, length), 3, options[length % options.Length]);
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_width_and_choice_agrees(ScalarType type)
    {
        using var weight = Random(1000, type);
        using var upstream = Random(1000, type, seed: 2);
        for (var bits = 1; bits <= 8; bits++)
        {
            foreach (var options in Make.DoReFaOptions)
            {
                using var scope = NewDisposeScope();
                Agree(weight, upstream, bits, options);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Edge_values_agree(ScalarType type)
    {
        double[][] weights =
        [
            [0, 0, 0], [0, -0.0, 1], [1, -1, 1, 0.5], [1e-40, -1e-41], [30, -30, 1], [-2], [double.NaN, 1],
            [double.PositiveInfinity, 1, -1],
        ];
        foreach (var values in weights)
        {
            foreach (var options in Make.DoReFaOptions)
            {
                using var scope = NewDisposeScope();
                Agree(Make.Tensor(values, type), Make.Tensor([.. values.Select((_, i) => 1.0 / (i + 1))], type), 3, options);
            }
        }
    }

    [Fact]
    public void Many_blocks_and_any_number_of_threads_agree()
    {
        using var threads = new TorchThreads();
        using var scope = NewDisposeScope();
        var weight = Random((Blocks.Size * 3L) + 5, ScalarType.Float32);
        var upstream = Random((Blocks.Size * 3L) + 5, ScalarType.Float32, seed: 2);
        var results = new List<double[]>();
        foreach (var n in new[] { 1, 4 })
        {
            set_num_threads(n);
            Agree(weight, upstream, 4, Tanh);
            var (quantized, transformed, range) = FusedDoReFa.Forward(weight, 4, Tanh);
            results.Add(
                [.. Near.Numbers(quantized), .. Near.Numbers(FusedDoReFa.Backward(upstream, transformed, range, WeightTransform.Tanh))]);
        }

        results[0].Should().Equal(results[1]);
    }

    [Fact]
    public void Dense_layouts_agree()
    {
        using var scope = NewDisposeScope();
        var plain = Random(8 * 4 * 3 * 3, ScalarType.Float32).reshape(8, 4, 3, 3);
        var channelsLast = plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        foreach (var weight in new[] { channelsLast, plain.transpose(0, 1) })
        {
            Agree(weight, Random(weight.numel(), ScalarType.Float32, 2).reshape(weight.shape), 4, Tanh);
            Agree(weight, ones(1).expand(weight.shape), 4, Tanh);
        }
    }

    [Fact]
    public void Neither_pass_leaves_a_tensor_behind()
    {
        using var weight = Random(100, ScalarType.Float32);
        using var upstream = ones(1).expand(100);
        using var scope = NewDisposeScope();

        var (quantized, transformed, range) = FusedDoReFa.Forward(weight, 4, Tanh);
        quantized.Dispose();
        FusedDoReFa.Backward(upstream, transformed, range, WeightTransform.Tanh).Dispose();
        transformed.Dispose();

        scope.DisposablesCount.Should().Be(0);
    }

    private static Tensor Random(long count, ScalarType type, int seed = 1) => Make.Random(count, type, seed) * 0.5;

    private static void Agree(Tensor weight, Tensor upstream, int bits, DoReFaOptions options)
    {
        DenseMemory.Serves(weight).Should().BeTrue();
        var (expected, slope) = DoReFaOperators.Forward(weight, bits, options);
        var expectedGradient = DoReFaOperators.Backward(upstream, weight, slope, options.Transform);
        var (output, transformed, range) = FusedDoReFa.Forward(weight, bits, options);
        var gradient = FusedDoReFa.Backward(upstream, transformed, range, options.Transform);

        output.shape.Should().Equal(weight.shape);
        Same(output, expected, options.Scale == WeightScale.Unit ? 0 : Near.Relative(weight.dtype), $"output with {options}, {bits} bits");
        // In float32 both paths round Σg·t, which the largest element then shows.
        Same(gradient, expectedGradient, 4 * Near.Relative(weight.dtype), $"gradient with {options}, {bits} bits");
    }

    private static void Same(Tensor actual, Tensor expected, double relative, string what)
    {
        actual.dtype.Should().Be(expected.dtype);
        var (numbers, wanted) = (Near.Numbers(actual), Near.Numbers(expected));
        numbers.Should().HaveSameCount(wanted);
        var size = wanted.Select(Math.Abs).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        for (var i = 0; i < wanted.Length; i++)
        {
            (numbers[i].Equals(wanted[i]) || Math.Abs(numbers[i] - wanted[i]) <= relative * size).Should()
                .BeTrue("element {0} of the {1} is {2:R} and should be {3:R}", i, what, numbers[i], wanted[i]);
        }
    }
}
