using AdaQat.Quantizers;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Probing;

/// <summary>What a closure calls besides the attached model is after a step as the training forward left it.</summary>
public sealed class OutsideModulesTests : IDisposable
{
    private static readonly BitWidthOptimizerOptions Options = Schedules.Exact with { LearningRate = 1e-9 };
    private static readonly BatchNorm1d StaticHead = nn.BatchNorm1d(3);

    private readonly nn.Module<Tensor, Tensor> _body = Networks.Linear();
    private readonly BatchNorm1d _fieldHead = nn.BatchNorm1d(3);
    private readonly Tensor _input = Networks.Rows(6).Input;
    private readonly QuantizedModel _quantized;
    private readonly BitWidthOptimizer _widths;

    public OutsideModulesTests()
    {
        _quantized = QuantizedModel.Attach(_body, _input, new QuantizationOptions());
        _widths = new BitWidthOptimizer(_quantized, Options);
    }

    [Fact]
    public void A_head_in_a_variable_counts_the_batches_of_training_alone()
    {
        using var head = nn.BatchNorm1d(3);

        Step(() => head.call(_body.call(_input)).square().mean());

        Counted(head).Should().Be(1);
    }

    [Fact]
    public void Its_statistics_are_to_the_bit_those_of_a_run_without_probes()
    {
        using var head = nn.BatchNorm1d(3);
        using var alone = nn.BatchNorm1d(3);
        using var same = _body.call(_input);
        alone.call(same).Dispose();

        Step(() => head.call(_body.call(_input)).square().mean());

        Bits.OfState(head).ShouldEqual(Bits.OfState(alone));
    }

    [Fact]
    public void So_does_a_head_in_a_field_of_the_loops_class()
    {
        Step(() => _fieldHead.call(_body.call(_input)).square().mean());

        Counted(_fieldHead).Should().Be(1);
    }

    [Fact]
    public void So_does_a_head_in_a_static_field()
    {
        var before = Counted(StaticHead);

        Step(() => StaticHead.call(_body.call(_input)).square().mean());

        Counted(StaticHead).Should().Be(before + 1);
    }

    [Fact]
    public void So_do_heads_in_lists_tuples_and_records_and_behind_other_functions()
    {
        using BatchNorm1d first = nn.BatchNorm1d(3), second = nn.BatchNorm1d(3), third = nn.BatchNorm1d(3), fourth = nn.BatchNorm1d(3);
        var (list, pair, holder) = (new List<nn.Module<Tensor, Tensor>> { first }, (second, 1), new Holder(third));
        Func<Tensor, Tensor> inner = x => fourth.call(x);

        Step(() => inner(holder.Head.call(pair.second.call(list[0].call(_body.call(_input))))).square().mean());

        new[] { first, second, third, fourth }.Select(Counted).Should().Equal(1, 1, 1, 1);
    }

    [Fact]
    public void One_that_a_closure_gets_from_elsewhere_is_named_once()
    {
        using var head = nn.BatchNorm1d(3);
        using var registered = new Elsewhere(head);
        _widths.AlsoCalls(head);

        Step(() => Elsewhere.Head.call(_body.call(_input)).square().mean());

        Counted(head).Should().Be(1);
    }

    [Fact]
    public void A_whole_model_of_which_only_a_part_is_attached_is_as_before()
    {
        var head = nn.BatchNorm1d(3);
        using var body = Networks.Linear();
        using var whole = nn.Sequential(("body", body), ("head", head));
        using var quantized = QuantizedModel.Attach(body, _input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, Options);

        Step(widths, () => whole.call(_input).square().mean());

        Counted(head).Should().Be(1);
    }

    [Fact]
    public void A_trainers_step_function_is_looked_through_too()
    {
        using var head = nn.BatchNorm1d(3, affine: false);
        using var weights = optim.SGD(_quantized.Parameters(), 0.01);
        var trainer = new AdaQatTrainer<Batch>(
            _widths, weights, batch => new BatchResult(head.call(_body.call(batch.Input)).square().mean(), Samples: 6));

        trainer.Fit(new Rows());

        Counted(head).Should().Be(2);
    }

    [Fact]
    public void A_disposed_module_within_reach_does_no_harm()
    {
        var gone = nn.BatchNorm1d(3);
        gone.Dispose();

        Step(() => gone is not null ? _body.call(_input).square().mean() : throw new InvalidOperationException());
    }

    [Fact]
    public void A_step_with_a_head_leaves_no_tensor()
    {
        using var head = nn.BatchNorm1d(3);
        Once();
        Once();

        LiveTensors.LeftBy(Once).Should().Be(0);

        void Once()
        {
            using var scope = NewDisposeScope();
            Step(() => head.call(_body.call(_input)).square().mean());
        }
    }

    public void Dispose()
    {
        _quantized.Dispose();
        _body.Dispose();
        _fieldHead.Dispose();
        _input.Dispose();
    }

    private static long Counted(BatchNorm1d head) => head.num_batches_tracked!.item<long>();

    private void Step(Func<Tensor> closure) => Step(_widths, closure);

    /// <summary>One step of a loop: forward, backward, probes.</summary>
    private static void Step(BitWidthOptimizer widths, Func<Tensor> closure)
    {
        using var loss = closure();
        loss.backward();
        widths.Step(loss, closure).Probes.Should().HaveCount(2);
    }

    /// <summary>Two batches.</summary>
    private sealed class Rows : IBatchSource<Batch>
    {
        public int BatchesPerEpoch => 2;

        public IEnumerable<Batch> Epoch(int epoch, int firstBatch) => Enumerable.Range(firstBatch, 2 - firstBatch).Select(i =>
        {
            var (input, target) = Networks.Rows(6, seed: i + 1);
            return new Batch(input, target);
        });
    }

    private sealed record Holder(nn.Module<Tensor, Tensor> Head);

    /// <summary>A registry, as service locators are.</summary>
    private sealed class Elsewhere : IDisposable
    {
        private static nn.Module<Tensor, Tensor>? s_head;

        public Elsewhere(nn.Module<Tensor, Tensor> head) => s_head = head;

        public static nn.Module<Tensor, Tensor> Head => s_head!;

        public void Dispose() => s_head = null;
    }
}
