using AdaQat.Isolation;
using AdaQat.Quantizers;
using AdaQat.Quantizers.Codebook;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Codebook;

/// <summary>Levels belong to a width: they start anew at another one, and not for probes.</summary>
public sealed class CodebookWidthTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly BitWidth _width = BitWidth.Learned("w", start: 4, minimum: 1, maximum: 6);

    [Fact]
    public void At_another_width_the_next_training_forward_starts_them_from_the_weights_as_they_are()
    {
        using var quantizer = new CodebookQuantizer(_width);
        var weight = Weight();
        quantizer.call(weight).Dispose();
        Train(quantizer);
        _width.Descend(1);
        using (no_grad())
        {
            weight.mul_(2);
        }

        quantizer.call(weight).Dispose();

        var expected = Near.Numbers(CodebookOperators.Start(weight, 3, 30)!);
        Near.Numbers(quantizer.Levels).Should().Equal([.. expected, .. new double[64 - 8]]);
    }

    [Fact]
    public void Trained_levels_stay_while_the_width_does()
    {
        using var quantizer = new CodebookQuantizer(_width);
        var weight = Weight();
        quantizer.call(weight).Dispose();
        Train(quantizer);
        var trained = Bits.Of(quantizer.Levels);

        quantizer.call(weight).Dispose();
        quantizer.eval();
        quantizer.call(weight).Dispose();

        Bits.Of(quantizer.Levels).Should().Equal(trained);
        Near.Numbers(quantizer.call(weight)).Distinct().Should().OnlyContain(v => Near.Numbers(quantizer.Levels).Contains(v));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_probe_uses_what_would_start_there_and_keeps_nothing(int bits)
    {
        using var quantizer = new CodebookQuantizer(_width);
        var weight = Weight();
        quantizer.call(weight).Dispose();
        Train(quantizer);
        var before = Bits.OfState(quantizer);

        using (no_grad())
        using (_width.At(bits))
        {
            Bits.Of(quantizer.call(weight)).Should().Equal(
                Bits.Of(CodebookOperators.Forward(weight, CodebookOperators.Start(weight, bits, 30)!)));
        }

        Bits.OfState(quantizer).ShouldEqual(before);
    }

    [Fact]
    public void A_forward_that_is_to_leave_no_trace_keeps_nothing_even_with_gradient()
    {
        using var quantizer = new CodebookQuantizer(_width);
        var weight = Weight();
        quantizer.call(weight).Dispose();
        Train(quantizer);
        _width.Descend(1);
        var before = Bits.Of(quantizer.Levels);

        ((IIsolated)quantizer).BeginIsolation();
        var isolated = Bits.Of(quantizer.call(weight));
        ((IIsolated)quantizer).EndIsolation();

        Bits.Of(quantizer.Levels).Should().Equal(before);
        Bits.Of(quantizer.call(weight)).Should().Equal(isolated);
        Bits.Of(quantizer.Levels).Should().NotEqual(before);
    }

    [Fact]
    public void An_evaluation_behind_a_move_computes_what_training_goes_on_with()
    {
        using var quantizer = new CodebookQuantizer(_width);
        var weight = Weight();
        quantizer.call(weight).Dispose();
        _width.Descend(2);
        quantizer.eval();
        var evaluated = Bits.Of(quantizer.call(weight));
        quantizer.train();

        Bits.Of(quantizer.call(weight)).Should().Equal(evaluated);
    }

    [Fact]
    public void Levels_that_training_has_brought_out_of_order_and_onto_each_other_still_serve_the_nearest_weights()
    {
        using var quantizer = new CodebookQuantizer(BitWidth.Fixed("w", 2), new CodebookOptions { ScalesLevelGradient = false });
        var weight = Make.Leaf([-1, -0.4, 0.1, 0.45, 2]);
        quantizer.Calibrate(weight);
        using (no_grad())
        {
            quantizer.Levels.copy_(Make.Tensor([0.5, -0.5, 0.5, 0]));
        }

        var quantized = quantizer.call(weight);
        (quantized * Make.Tensor([1, 2, 4, 8, 16])).sum().backward();

        Near.Numbers(quantized).Should().Equal(-0.5, -0.5, 0, 0.5, 0.5);
        var gradient = Near.Numbers(quantizer.Levels.grad!);
        (gradient[1], gradient[3], gradient[0] + gradient[2]).Should().Be((3, 4, 24));
        CodeAgreement.Check(quantizer, weight.detach(), "out of order");
    }

    [Fact]
    public void A_run_in_which_the_width_moves_is_the_same_every_time()
    {
        Run().Should().Equal(Run());

        static byte[] Run()
        {
            using var run = new TrainerRun(
                scheme: LevelFamilies.Scheme("codebook"), widths: Schedules.Exact with { LearningRate = 0.5, Lambda = 1 });
            run.Trainer.Fit(new Batches(14, 4));
            run.Quantized!.Widths[0].Value.Should().BeLessThan(4);
            return [.. run.Everything().OrderBy(e => e.Key, StringComparer.Ordinal).SelectMany(e => e.Value)];
        }
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Weight()
    {
        using var generator = new Generator(3);
        return randn([20, 10], generator: generator).requires_grad_();
    }

    private static void Train(CodebookQuantizer quantizer)
    {
        using var guard = no_grad();
        quantizer.Levels.narrow(0, 0, 16).mul_(1.01);
    }
}
