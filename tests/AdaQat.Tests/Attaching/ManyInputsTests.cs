using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>Models of four to six inputs, the most that TorchSharp has.</summary>
public sealed class ManyInputsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor[] _inputs = [.. Enumerable.Range(0, 6).Select(_ => rand(3, 4))];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void They_attach_train_with_probes_that_repeat_masks_and_detach(int inputs)
    {
        manual_seed(2);
        var (model, quantized, call) = Attached(inputs);
        using var owned = model;
        using var handle = quantized;
        quantized.Layers.Select(l => l.Name).Should().Equal([.. Enumerable.Range(1, inputs).Select(i => $"tower{i}"), "head"]);
        quantized.Layers[0].Profile.Macs.Should().Be(16, "the batch's dimension is known");
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        using var weights = optim.SGD(quantized.Parameters(), 0.1);
        var trainer = new AdaQatTrainer<Batch>(widths, weights, _ => new BatchResult(call().square().mean(), Samples: 3));

        trainer.Fit(new Batches(8, 4));

        widths.Steps.Should().Be(2);
        quantized.Warnings.Should().BeEmpty("a probe that drew other masks would have been told of");
        quantized.Detach();
        model.named_parameters().Should().NotContain(p => p.name.Contains("quantizer"));
    }

    [Fact]
    public void Their_hooks_see_that_a_forward_goes_past_them()
    {
        using var model = new Four();
        using var quantized = QuantizedModel.Attach(model, _inputs[0], _inputs[1], _inputs[2], _inputs[3], new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        var loss = model.forward(_inputs[0], _inputs[1], _inputs[2], _inputs[3]).square().mean();
        loss.backward();

        widths.Step(loss, () => model.forward(_inputs[0], _inputs[1], _inputs[2], _inputs[3]).square().mean());

        quantized.Warnings.Should().Contain(w => w.Subject == "forward");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void An_empty_example_is_refused_by_name(int inputs)
    {
        _inputs[inputs - 1] = zeros(0, 4);

        FluentActions.Invoking(() => Attached(inputs)).Should().Throw<ArgumentException>()
            .WithMessage("*empty, of shape [0, 4]*").And.ParamName.Should().Be(new[] { "fourth", "fifth", "sixth" }[inputs - 4]);
    }

    private (nn.Module Model, QuantizedModel Quantized, Func<Tensor> Call) Attached(int inputs)
    {
        var (a, b, c, d, e, f) = (_inputs[0], _inputs[1], _inputs[2], _inputs[3], _inputs[4], _inputs[5]);
        if (inputs == 4)
        {
            var four = new Four();
            return (four, QuantizedModel.Attach(four, a, b, c, d), () => four.call(a, b, c, d));
        }

        if (inputs == 5)
        {
            var five = new Five();
            return (five, QuantizedModel.Attach(five, a, b, c, d, e), () => five.call(a, b, c, d, e));
        }

        var six = new Six();
        return (six, QuantizedModel.Attach(six, a, b, c, d, e, f), () => six.call(a, b, c, d, e, f));
    }

    /// <summary>A linear layer for each input, dropout, and one for their sum.</summary>
    private sealed class Towers
    {
        private readonly List<nn.Module<Tensor, Tensor>> _towers;
        private readonly nn.Module<Tensor, Tensor> _drop = nn.Dropout(0.5);
        private readonly nn.Module<Tensor, Tensor> _head = nn.Linear(4, 2);

        public Towers(nn.Module owner, int count)
        {
            _towers = [.. Enumerable.Range(0, count).Select(_ => nn.Linear(4, 4))];
            for (var i = 0; i < count; i++)
            {
                owner.register_module($"tower{i + 1}", _towers[i]);
            }

            owner.register_module("drop", _drop);
            owner.register_module("head", _head);
        }

        public Tensor Call(params Tensor[] inputs)
        {
            using var scope = NewDisposeScope();
            var sum = _towers.Zip(inputs, (tower, input) => tower.call(input)).Aggregate((x, y) => x + y);
            return _head.call(_drop.call(sum).relu()).MoveToOuterDisposeScope();
        }
    }

    private sealed class Four : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>
    {
        private readonly Towers _all;

        public Four()
            : base(nameof(Four)) => _all = new Towers(this, 4);

        public override Tensor forward(Tensor a, Tensor b, Tensor c, Tensor d) => _all.Call(a, b, c, d);
    }

    private sealed class Five : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>
    {
        private readonly Towers _all;

        public Five()
            : base(nameof(Five)) => _all = new Towers(this, 5);

        public override Tensor forward(Tensor a, Tensor b, Tensor c, Tensor d, Tensor e) => _all.Call(a, b, c, d, e);
    }

    private sealed class Six : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>
    {
        private readonly Towers _all;

        public Six()
            : base(nameof(Six)) => _all = new Towers(this, 6);

        public override Tensor forward(Tensor a, Tensor b, Tensor c, Tensor d, Tensor e, Tensor f) => _all.Call(a, b, c, d, e, f);
    }
}
