using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Quantizers;
using AdaQat.Runtime;
using AdaQat.Tests.Support;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Joins;

/// <summary>Residual sums whose operands share one trained step: in training, in the graph, in integers.</summary>
public sealed class QuantizedJoinTests
{
    private static readonly QuantizationOptions Lsq = new()
    {
        Weights = new LsqOptions(),
        Activations = new LsqOptions(),
        Joins = JoinHandling.Quantized,
        WeightBits = BitWidthChoice.Fixed(3),
        ActivationBits = BitWidthChoice.Fixed(3),
    };

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    [InlineData(3, 2)]
    [InlineData(4, 5)]
    [InlineData(5, 8)]
    [InlineData(6, 4)]
    [InlineData(7, 8)]
    [InlineData(8, 3)]
    public void Integers_are_exactly_the_quantized_network(int seed, int bits)
    {
        manual_seed(seed);
        using var model = new RandomResNet(seed);
        using var input = randn(16, 3, 8, 8);
        using var quantized = Attached(model, input, seed % 2 == 0 ? Lsq with { JoinBits = bits } : new QuantizationOptions
        {
            Joins = JoinHandling.Quantized,
            JoinBits = bits,
        });

        var report = Equivalence.Check(quantized, IntegerCompiler.Compile(quantized, input), [input], layerImages: 4);

        report.Codes.Should().BePositive();
        report.CodesDifferent.Should().Be(0, report.ToString());
        report.TopOneDifferent.Should().Be(0);
        report.LargestDifference.Should().BeLessThan(1e-5, "all but the last layer's own float arithmetic is exact: " + report);
    }

    [Fact]
    public void No_sum_rounds()
    {
        manual_seed(1);
        using var model = new SmallResNet();
        using var input = randn(4, 3, 8, 8);
        using var free = Attached(model, input, Lsq with { Joins = JoinHandling.Unquantized });
        IntegerCompiler.Compile(free, input).Nodes.OfType<RescaleNode>().SelectMany(node => node.Rescales)
            .Should().Contain(rule => rule.Multiplier != 1L << rule.Shift);
        free.Dispose();
        using var quantized = Attached(model, input, Lsq);

        IntegerCompiler.Compile(quantized, input).Nodes.OfType<RescaleNode>().SelectMany(node => node.Rescales)
            .Should().OnlyContain(rule => rule.Multiplier == 1L << rule.Shift, "the ReLU before the mean is the only one");
    }

    [Fact]
    public void Both_operands_have_one_grid_in_the_graph()
    {
        manual_seed(1);
        using var model = new SmallResNet();
        using var input = randn(4, 3, 8, 8);
        using var quantized = Attached(model, input, Lsq);

        var graph = quantized.Graph(input);

        var sum = graph.Nodes.Single(node => node.Operator is AddOperator);
        var grids = sum.Inputs.Select(operand => graph.Producer(operand).Operator).ToList();
        grids.Should().AllBeOfType<QuantizeOperator>();
        grids[0].Should().Be(grids[1]);
        ((QuantizeOperator)grids[0]).Bits.Should().Be(8);
        quantized.Joins.Should().ContainSingle().Which.Operands.Should().Equal("output of second", "output of shortcut");
    }

    [Fact]
    public void The_step_is_trained_and_saved_with_the_model()
    {
        manual_seed(1);
        using var model = new SmallResNet();
        using var input = randn(4, 3, 8, 8);
        using var quantized = Attached(model, input, Lsq);
        model.train();
        var step = quantized.Joins[0].Quantizer.parameters().First();
        var before = step.item<float>();
        using var optimizer = optim.SGD(quantized.Parameters(), 10);

        using (var scope = NewDisposeScope())
        {
            model.call(input).square().mean().backward();
            optimizer.step();
        }

        step.item<float>().Should().NotBe(before);
        quantized.QuantizerParameters().Should().Contain(parameter => ReferenceEquals(parameter, step));
        model.state_dict().Keys.Should().Contain(name => name.Contains("join_quantizer"));
    }

    [Fact]
    public void Detached_and_in_float_the_model_computes_what_it_did()
    {
        manual_seed(1);
        using var model = new SmallResNet();
        model.eval();
        using var input = randn(4, 3, 8, 8);
        using var expected = model.call(input);
        var names = model.state_dict().Keys.ToList();
        using var quantized = QuantizedModel.Attach(model, input, Lsq);
        quantized.Calibrate([input]);
        using (quantized.InFloat())
        {
            using var within = model.call(input);
            Bits.Of(within).Should().Equal(Bits.Of(expected));
        }

        quantized.Detach();

        using var after = model.call(input);
        Bits.Of(after).Should().Equal(Bits.Of(expected));
        model.state_dict().Keys.Should().Equal(names);
    }

    [Fact]
    public void Weights_of_a_network_in_float_are_loaded_and_a_checkpoint_gives_the_steps_back()
    {
        manual_seed(1);
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "run.ckpt");
        using var input = randn(4, 3, 8, 8);
        using (var inFloat = new SmallResNet())
        {
            using var optimizer = optim.SGD(inFloat.parameters(), 0.1);
            Checkpoint.Save(path, inFloat, optimizer);
        }

        using var model = new SmallResNet();
        using var quantized = QuantizedModel.Attach(model, input, Lsq);
        Checkpoint.LoadWeights(path, model);
        quantized.Calibrate([input]);
        model.eval();
        using var expected = model.call(input);
        using var weights = optim.SGD(quantized.Parameters(), 0.1);
        Checkpoint.Save(path, quantized, weights);
        using var other = new SmallResNet();
        using var again = QuantizedModel.Attach(other, input, Lsq);
        other.eval();

        Checkpoint.LoadWeights(path, other);

        using var made = other.call(input);
        Bits.Of(made).Should().Equal(Bits.Of(expected));
    }

    [Fact]
    public void A_linear_bottleneck_that_several_sums_read_has_one_step_for_all()
    {
        manual_seed(1);
        using var model = new MobileNetV2();
        using var input = randn(2, 3, 16, 16);
        using var quantized = Attached(model, input, Lsq);

        quantized.Joins.SelectMany(join => join.Operands).Should().OnlyHaveUniqueItems();
        var report = Equivalence.Check(quantized, IntegerCompiler.Compile(quantized, input), [input], layerImages: 2);
        report.CodesDifferent.Should().Be(0, report.ToString());
    }

    [Fact]
    public void An_operand_that_comes_out_of_no_module_is_refused_by_name()
    {
        using var model = new Unreachable();
        using var input = randn(2, 4);

        FluentActions.Invoking(() => QuantizedModel.Attach(model, input, Lsq)).Should().Throw<CaptureException>()
            .WithMessage("*sigmoid*residual sum*add*nn.Sigmoid*");
        model.named_modules().Should().NotContain(module => module.module is Quantizer);
    }

    [Fact]
    public void A_model_without_sums_and_bits_beyond_a_byte_are_refused()
    {
        using var model = Networks.Linear();
        using var input = randn(2, 4);

        FluentActions.Invoking(() => QuantizedModel.Attach(model, input, Lsq)).Should().Throw<ArgumentException>().WithMessage("*no sum*");
        FluentActions.Invoking(() => QuantizedModel.Attach(model, input, Lsq with { JoinBits = 9 })).Should()
            .Throw<ArgumentException>().WithMessage("*JoinBits*9*");
    }

    [Fact]
    public void Steps_leave_no_tensor_behind()
    {
        manual_seed(1);
        using var model = new SmallResNet();
        using var input = randn(4, 3, 8, 8);
        using var quantized = Attached(model, input, Lsq);
        model.train();

        void Step()
        {
            using var scope = NewDisposeScope();
            model.call(input).square().mean().backward();
            quantized.EndBackward();
        }

        Step();
        LiveTensors.LeftBy(Step).Should().Be(0);
    }

    private static QuantizedModel Attached(nn.Module<Tensor, Tensor> model, Tensor input, QuantizationOptions options)
    {
        using (no_grad())
        {
            foreach (var (_, buffer) in model.named_buffers().Where(pair => pair.name.EndsWith("running_mean", StringComparison.Ordinal)))
            {
                buffer.normal_(0, 0.2);
            }
        }

        model.eval();
        var quantized = QuantizedModel.Attach(model, input, options);
        quantized.Calibrate([input]);
        return quantized;
    }

    private sealed class Unreachable : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> fc1 = nn.Linear(4, 4);
        private readonly nn.Module<Tensor, Tensor> fc2 = nn.Linear(4, 4);

        public Unreachable()
            : base(nameof(Unreachable)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var inner = fc1.call(input).sigmoid();
            return fc2.call(inner) + inner;
        }
    }
}
