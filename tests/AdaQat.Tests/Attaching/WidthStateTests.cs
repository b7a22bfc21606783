using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>Widths are part of the state: whichever way a trained model is saved, it computes after loading what it computed.</summary>
public sealed class WidthStateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Tensor _input = randn(5, 4);

    public void Dispose()
    {
        _input.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("save")]
    [InlineData("state")]
    [InlineData("checkpoint")]
    public void A_trained_model_computes_after_loading_what_it_computed(string way)
    {
        using var trained = new Net(_input, seed: 1);
        trained.Train();
        using var fresh = new Net(_input, seed: 2);
        var path = _folder.In("model");

        switch (way)
        {
            case "save":
                trained.Model.save(path);
                fresh.Model.load(path);
                break;
            case "state":
                fresh.Model.load_state_dict(trained.Model.state_dict());
                break;
            default:
                using (var weights = optim.SGD(trained.Quantized.Parameters(), 0.1))
                {
                    Checkpoint.Save(path, trained.Quantized, weights, trained.Widths);
                }

                Checkpoint.LoadWeights(path, fresh.Model);
                fresh.Quantized.Layers.Should().OnlyContain(l => l.WeightBits.Bits < 8 || !l.WeightBits.IsLearned, "no forward is needed");
                break;
        }

        fresh.Evaluate().Should().Equal(trained.Evaluate());
        fresh.Quantized.Layers.Select(l => (l.WeightBits.Bits, l.ActivationBits.Bits))
            .Should().Equal(trained.Quantized.Layers.Select(l => (l.WeightBits.Bits, l.ActivationBits.Bits)));
        fresh.Quantized.Summary().BitOps.Should().Be(trained.Quantized.Summary().BitOps);
    }

    [Fact]
    public void The_summary_shows_loaded_widths_before_any_forward()
    {
        using var trained = new Net(_input, seed: 1);
        trained.Train();
        using var fresh = new Net(_input, seed: 2);

        fresh.Model.load_state_dict(trained.Model.state_dict());

        fresh.Quantized.Cost(new BitOpsCost()).Should().Be(trained.Quantized.Cost(new BitOpsCost()));
    }

    [Fact]
    public void A_state_handed_out_changes_no_width_and_one_loaded_with_the_same_bits_keeps_N()
    {
        using var net = new Net(_input, seed: 1);
        net.Train(steps: 3);
        var values = net.Quantized.Widths.Select(w => w.Value).ToList();

        var state = net.Model.state_dict().ToDictionary(t => t.Key, t => t.Value.clone());
        net.Evaluate();
        net.Model.load_state_dict(state);
        net.Evaluate();

        net.Quantized.Widths.Select(w => w.Value).Should().Equal(values);
        values.Should().OnlyContain(v => v % 1 != 0);
    }

    [Fact]
    public void A_width_that_moves_after_the_state_was_handed_out_is_not_taken_back()
    {
        using var net = new Net(_input, seed: 1);
        net.Train(steps: 3);
        var before = net.Quantized.Widths[0].Value;

        net.Train(steps: 20, eachStep: () => net.Model.state_dict());

        net.Quantized.Widths[0].Value.Should().BeLessThan(before - 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_state_of_several_widths_is_refused_where_there_is_one_for_all(int other)
    {
        using var layers = nn.Sequential(
            ("a", nn.Linear(4, 4)), ("b", nn.Linear(4, 4)), ("c", nn.Linear(4, 4)), ("d", nn.Linear(4, 2)));
        using var quantized = QuantizedModel.Attach(layers, _input, Schemes.PerLayer);
        quantized.Layers[1 + other].WeightBits.Descend(4);
        var state = layers.state_dict().ToDictionary(t => t.Key, t => t.Value.clone());
        quantized.Detach();
        using var shared = QuantizedModel.Attach(layers, _input, new QuantizationOptions());

        layers.load_state_dict(state);

        layers.Invoking(l => l.call(_input)).Should().Throw<InvalidOperationException>()
            .WithMessage("The state that was loaded has * bits for quantizers that share the width 'weights' here*");
    }

    [Fact]
    public void Loading_other_bits_than_a_fixed_width_has_is_refused_by_name()
    {
        using var four = new Net(_input, seed: 1, Fixed(4));
        using var six = new Net(_input, seed: 2, Fixed(6));

        six.Model.load_state_dict(four.Model.state_dict());

        six.Invoking(s => s.Evaluate()).Should().Throw<InvalidOperationException>()
            .WithMessage("The state that was loaded has 4 bits for '*', which allows 6 here: attach with the choices of widths*");
    }

    [Fact]
    public void A_checkpoint_with_widths_that_are_not_allowed_is_refused_and_the_model_is_untouched()
    {
        using var four = new Net(_input, seed: 1, Fixed(4));
        using var six = new Net(_input, seed: 2, Fixed(6));
        using var weights = optim.SGD(four.Quantized.Parameters(), 0.1);
        Checkpoint.Save(_folder.In("four"), four.Quantized, weights);
        var before = Bits.OfState(six.Model);

        FluentActions.Invoking(() => Checkpoint.LoadWeights(_folder.In("four"), six.Model)).Should().Throw<CheckpointException>()
            .WithMessage("*has 4 bits for '*', which allows 6 here*");

        Bits.OfState(six.Model).ShouldEqual(before);
        six.Evaluate();
    }

    [Fact]
    public void Moved_to_another_type_the_width_stays()
    {
        using var trained = new Net(_input, seed: 1);
        trained.Train();
        using var fresh = new Net(_input, seed: 2);
        trained.Model.to(ScalarType.Float64);
        fresh.Model.to(ScalarType.Float64);

        fresh.Model.load_state_dict(trained.Model.state_dict());
        using var input = _input.to(ScalarType.Float64);
        using var guard = no_grad();
        using var ours = fresh.Model.call(input);
        using var theirs = trained.Model.call(input);

        Bits.Of(ours).Should().Equal(Bits.Of(theirs));
    }

    private static QuantizationOptions Fixed(int bits) =>
        new() { WeightBits = BitWidthChoice.Fixed(bits), ActivationBits = BitWidthChoice.Fixed(bits) };

    private sealed class Net : IDisposable
    {
        private readonly Tensor _input;

        public Net(Tensor input, long seed, QuantizationOptions? options = null)
        {
            manual_seed(seed);
            _input = input;
            Model = Networks.Linear();
            Quantized = QuantizedModel.Attach(Model, input, options ?? new QuantizationOptions());
            Widths = new BitWidthOptimizer(Quantized, Schedules.Exact with { LearningRate = 0.05, Lambda = 0.15 });
        }

        public nn.Module<Tensor, Tensor> Model { get; }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Widths { get; }

        public void Train(int steps = 40, Action? eachStep = null)
        {
            Model.train();
            using var weights = optim.SGD(Quantized.Parameters(), 0.01);
            for (var i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                weights.zero_grad();
                var loss = Model.call(_input).square().mean();
                loss.backward();
                Widths.Step(loss, () => Model.call(_input).square().mean());
                weights.step();
                eachStep?.Invoke();
            }
        }

        public byte[] Evaluate()
        {
            Model.eval();
            using var guard = no_grad();
            using var output = Model.call(_input);
            return Bits.Of(output);
        }

        public void Dispose()
        {
            Quantized.Dispose();
            Model.Dispose();
        }
    }
}
