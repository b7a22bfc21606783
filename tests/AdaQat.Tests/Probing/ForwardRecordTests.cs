using static TorchSharp.torch;

namespace AdaQat.Tests.Probing;

/// <summary>What is kept of a step's forwards, so that probes can repeat their dropout masks.</summary>
public sealed class ForwardRecordTests : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Tensor _input = ones(2, 3);
    private readonly QuantizedModel _quantized;

    public ForwardRecordTests()
    {
        // With some first weights no input of a layer is negative until it is quantized, which is warned of.
        manual_seed(1);
        _model = nn.Sequential(("a", nn.Linear(3, 4)), ("b", nn.Linear(4, 4)), ("c", nn.Linear(4, 2)));
        _quantized = QuantizedModel.Attach(_model, _input, new RoundingScheme());
    }

    public void Dispose()
    {
        _quantized.Dispose();
        _model.Dispose();
        _input.Dispose();
    }

    [Fact]
    public void A_loop_without_steps_keeps_no_more_than_its_last_forwards()
    {
        _ = new BitWidthOptimizer(_quantized, Schedules.Exact);
        Forwards(64);

        LiveTensors.LeftBy(() => Forwards(20)).Should().Be(0);
    }

    [Fact]
    public void Once_all_widths_are_frozen_nothing_is_kept()
    {
        var optimizer = new BitWidthOptimizer(_quantized, Schedules.Exact);
        foreach (var width in _quantized.Widths)
        {
            width.Freeze();
        }

        optimizer.PretendStep(_input.sum(), () => _input.sum());
        Forwards(2);

        LiveTensors.LeftBy(() => Forwards(5)).Should().Be(0);
    }

    [Fact]
    public void After_more_forwards_than_are_kept_a_probe_still_repeats_the_last_one()
    {
        var (drop, masks) = (nn.Dropout(0.5), new List<byte[]>());
        using var model = new Lambda(x =>
        {
            var kept = drop.call(ones(64));
            masks.Add(Bits.Of(kept));
            return _model.call(x) * kept.sum();
        }, ("inner", _model), ("drop", drop));
        _quantized.Detach();
        using var quantized = QuantizedModel.Attach(model, _input, new RoundingScheme());
        var optimizer = new BitWidthOptimizer(quantized, Schedules.Exact);
        using var scope = NewDisposeScope();
        var loss = Enumerable.Range(0, 70).Select(_ => model.call(_input).square().mean()).ToList()[^1];
        var last = masks[^1];
        masks.Clear();

        optimizer.Step(loss, () => model.call(_input).square().mean());

        // The very first forward of the first probe could not know that it is alone, and was made again.
        masks.Skip(1).Should().HaveCount(1 + quantized.Widths.Count).And.OnlyContain(mask => mask.SequenceEqual(last));
        quantized.Warnings.Should().BeEmpty();
    }

    private void Forwards(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _model.call(_input).Dispose();
        }
    }
}
