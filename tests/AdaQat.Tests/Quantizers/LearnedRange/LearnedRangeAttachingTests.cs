using AdaQat.Graph;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.LearnedRange;

/// <summary>Inferred widths in models: whose they are, rules, states that are loaded, baking, capture, a user's own quantizer.</summary>
public sealed class LearnedRangeAttachingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    private static QuantizationOptions Inferred { get; } = new()
    {
        Weights = new LearnedRangeOptions(),
        Activations = new LearnedRangeOptions(),
        FirstLayerBits = null,
        LastLayerBits = null,
    };

    [Fact]
    public void Each_quantizer_has_a_width_of_its_own_and_fixed_ones_stay_fixed()
    {
        using var model = Networks.Linear();
        var input = Networks.Rows(4).Input;
        using var quantized = QuantizedModel.Attach(model, input, Inferred with { LastLayerBits = 8 });

        quantized.Widths.Select(w => w.Name).Should().BeEquivalentTo(
            "fc1.weights", "fc1.activations", "fc2.weights", "fc2.activations");
        quantized.Widths.Should().OnlyContain(w => w.IsInferred && w.IsLearned && !w.IsFrozen && w.Value == 8);
        var last = quantized.Layers[^1];
        (last.WeightBits.IsLearned, last.WeightBits.IsInferred).Should().Be((false, false));
        ((LearnedRangeQuantizer)last.WeightQuantizer).StepLog2.Should().BeNull("the step follows from the range");
    }

    [Theory]
    [InlineData(WidthSharing.Network)]
    [InlineData(WidthSharing.Group)]
    [InlineData(WidthSharing.Join)]
    public void A_sharing_that_is_asked_for_is_refused_by_name(WidthSharing sharing)
    {
        using var model = Networks.Linear();
        var (input, names) = (Networks.Rows(4).Input, model.state_dict().Keys.ToList());
        IReadOnlyList<string> groups = sharing == WidthSharing.Group ? ["*"] : [];

        Attach(Inferred with { WeightSharing = sharing, WeightGroups = groups }).Should().Throw<ArgumentException>()
            .WithMessage($"WeightSharing is {sharing}, but LearnedRangeOptions infers widths*leave WeightSharing out*");
        Attach(Inferred with { ActivationSharing = sharing, ActivationGroups = groups }).Should().Throw<ArgumentException>()
            .WithMessage($"ActivationSharing is {sharing}, but LearnedRangeOptions infers widths*");

        model.state_dict().Keys.Should().Equal(names);
        var asked = Inferred with { WeightSharing = WidthSharing.Layer, WeightBits = BitWidthChoice.Fixed(4) };
        (asked with { WeightSharing = WidthSharing.Network }).Invoking(s => s.Validate()).Should().NotThrow("nothing is inferred there");
        asked.Invoking(s => s.Validate()).Should().NotThrow();

        Action Attach(QuantizationOptions scheme) => () => QuantizedModel.Attach(model, input, scheme).Dispose();
    }

    [Fact]
    public void A_rule_gives_some_layers_inferred_widths_and_the_others_share_theirs()
    {
        using var model = Networks.Linear();
        using var quantized = QuantizedModel.Attach(model, Networks.Rows(4).Input, new QuantizationOptions
        {
            WeightSharing = WidthSharing.Network,
            FirstLayerBits = null,
            LastLayerBits = null,
            Rules =
            [
                LayerRule.Named("fc2").With(weights: new LearnedRangeOptions()).With(weights: BitWidthChoice.Learned(allowed: [2, 4, 8])),
            ],
        });

        var (first, second, third) = (quantized.Layers[0], quantized.Layers[1], quantized.Layers[2]);
        second.WeightBits.IsInferred.Should().BeTrue();
        second.WeightBits.Allowed.Should().Equal(2, 4, 8);
        first.WeightBits.Should().BeSameAs(third.WeightBits).And.NotBeSameAs(second.WeightBits);
        quantized.Layers.Should().OnlyContain(l => !l.ActivationBits.IsInferred);
        model.call(Networks.Rows(4).Input);
        var quantizer = (LearnedRangeQuantizer)second.WeightQuantizer;
        using (no_grad())
        {
            quantizer.StepLog2!.copy_(quantizer.RangeLog2 - Math.Log2(20));
        }

        quantized.Summary().ToString().Should().Contain("step ");
        (second.WeightBits.Value, second.WeightBits.Bits).Should().Be((second.WeightBits.Value, 8), "5.4 bits, of 2, 4 and 8");
        second.WeightBits.Value.Should().BeApproximately(Math.Log2(21) + 1, 1e-5);
    }

    [Fact]
    public void A_single_bit_for_values_with_a_sign_is_refused_with_the_layers_name()
    {
        using var model = Networks.Linear();

        FluentActions.Invoking(() => QuantizedModel.Attach(
            model, Networks.Rows(4).Input, Inferred with { WeightBits = BitWidthChoice.Learned(minimum: 1) }))
            .Should().Throw<ArgumentException>().WithMessage("*the weight of layer 'fc1' was given 1 to 8*");
    }

    [Theory]
    [InlineData("save", false)]
    [InlineData("save", true)]
    [InlineData("state", false)]
    [InlineData("state", true)]
    [InlineData("checkpoint", false)]
    [InlineData("checkpoint", true)]
    public void A_trained_model_computes_after_loading_what_it_computed_frozen_or_not(string way, bool isFrozen)
    {
        foreach (var power in new[] { false, true })
        {
            var options = new LearnedRangeOptions { HasPowerOfTwoStep = power };
            var scheme = Inferred with { Weights = options, Activations = options };
            using var trained = new Trained(scheme, seed: 1);
            trained.Train(steps: 40);
            if (isFrozen)
            {
                trained.Quantized.Widths.ToList().ForEach(w => w.Freeze());
                trained.Train(steps: 10);
            }

            using var fresh = new Trained(scheme, seed: 2);
            var path = _folder.In($"model {power}");

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
                    Checkpoint.Save(path, trained.Quantized, trained.Weights, trained.Widths);
                    Checkpoint.LoadWeights(path, fresh.Model);
                    break;
            }

            fresh.Quantized.Cost(new BitOpsCost()).Should().Be(trained.Quantized.Cost(new BitOpsCost()), "no forward is needed");
            fresh.Quantized.Layers.Select(l => (l.WeightBits.Bits, l.ActivationBits.Bits))
                .Should().Equal(trained.Quantized.Layers.Select(l => (l.WeightBits.Bits, l.ActivationBits.Bits)));
            fresh.Evaluate().Should().Equal(trained.Evaluate());
            trained.Quantized.Widths.Should().Contain(w => w.Bits < 7);
        }
    }

    [Fact]
    public void Baked_weights_compute_the_same_and_a_layer_in_float_computes_as_it_was()
    {
        using var trained = new Trained(Inferred, seed: 1);
        trained.Train(steps: 30);
        var before = trained.Evaluate();
        using (trained.Quantized.InFloat())
        {
            trained.Evaluate().Should().NotEqual(before);
        }

        trained.Evaluate().Should().Equal(before);
        var bits = trained.Quantized.Layers.Select(l => l.WeightBits.Bits).ToList();

        trained.Quantized.Bake();

        trained.Evaluate().Should().Equal(before);
        trained.Quantized.Layers.Select(l => l.WeightBits.Bits).Should().Equal(bits);
    }

    [Fact]
    public void A_captured_graph_has_the_grids_in_force()
    {
        using var trained = new Trained(Inferred, seed: 1);
        trained.Train(steps: 30);
        trained.Model.eval();

        var graph = trained.Quantized.Graph(trained.Input);

        foreach (var layer in trained.Quantized.Layers)
        {
            foreach (var (name, quantizer) in new[]
            {
                ("weight", (LearnedRangeQuantizer)layer.WeightQuantizer), ("activation", (LearnedRangeQuantizer)layer.ActivationQuantizer),
            })
            {
                var grid = (QuantizeOperator)graph.Node($"{layer.Name}.{name}_quantizer").Operator;
                grid.Scales.Should().Equal((float)quantizer.StepSize());
                (grid.HighestCode * grid.Scales[0]).Should().BeApproximately(quantizer.LargestValue(), 1e-6);
                grid.Bits.Should().BeLessThanOrEqualTo(quantizer.Width.Bits);
            }
        }
    }

    [Fact]
    public void A_quantizer_of_a_users_own_infers_its_width_too()
    {
        using var model = Networks.Linear();
        var (input, target) = Networks.Rows(16);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions { Weights = new OwnOptions() });
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        using var weights = optim.SGD(quantized.Parameters(), 0.1);
        var own = quantized.Layers[1].WeightBits;
        for (var i = 0; i < 30; i++)
        {
            weights.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(input), target);
            loss.backward();
            widths.Step(loss, () => nn.functional.cross_entropy(model.call(input), target))
                .Probes.Should().OnlyContain(p => !ReferenceEquals(p.Width, own));
            weights.step();
        }

        own.IsInferred.Should().BeTrue();
        own.Value.Should().BeInRange(2, 7);
        quantized.Layers[0].WeightBits.IsInferred.Should().BeFalse("it is fixed");
    }

    [Fact]
    public void Options_that_infer_and_a_quantizer_that_does_not_are_refused()
    {
        using var model = Networks.Linear();

        FluentActions.Invoking(() => QuantizedModel.Attach(
            model, Networks.Rows(4).Input, new QuantizationOptions { Weights = new OwnOptions { Tells = false } }))
            .Should().Throw<InvalidOperationException>()
            .WithMessage("OwnOptions says that widths are inferred, but OwnQuantizer.InferWidth*");
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private sealed class Trained : IDisposable
    {
        private readonly Tensor _target;

        public Trained(QuantizationOptions scheme, long seed)
        {
            manual_seed(seed);
            (Input, _target) = Networks.Rows(16);
            Model = Networks.Linear();
            Quantized = QuantizedModel.Attach(Model, Input, scheme);
            Widths = new BitWidthOptimizer(Quantized, new BitWidthOptimizerOptions { Lambda = 0.3 });
            Weights = optim.SGD(Quantized.Parameters(), 0.05, momentum: 0.9);
        }

        public Tensor Input { get; }

        public nn.Module<Tensor, Tensor> Model { get; }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Widths { get; }

        public TorchSharp.Modules.OptimizerHelper Weights { get; }

        public void Train(int steps)
        {
            Model.train();
            for (var i = 0; i < steps; i++)
            {
                Weights.zero_grad();
                var loss = nn.functional.cross_entropy(Model.call(Input), _target);
                loss.backward();
                Widths.Step(loss, () => throw new InvalidOperationException());
                Weights.step();
            }
        }

        public byte[] Evaluate()
        {
            using var guard = no_grad();
            Model.eval();
            return Bits.Of(Model.call(Input));
        }

        public void Dispose()
        {
            Weights.Dispose();
            Quantized.Dispose();
            Model.Dispose();
        }
    }

    private sealed record OwnOptions : QuantizerOptions
    {
        public bool Tells { get; init; } = true;

        protected internal override bool InfersWidth => true;

        public override void Validate()
        {
        }

        protected internal override Quantizer Create(QuantizerRequest request) => new OwnQuantizer(request.Width, this);
    }

    /// <summary>Learns the width itself.</summary>
    private sealed class OwnQuantizer : Quantizer
    {
        private readonly bool _tells;
#pragma warning disable IDE0044
        private TorchSharp.Modules.Parameter bits;
#pragma warning restore IDE0044

        public OwnQuantizer(BitWidth width, OwnOptions options)
            : base(width, options)
        {
            _tells = options.Tells;
            bits = new TorchSharp.Modules.Parameter(tensor((float)width.Value));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            ReadWidth();
            return RoundingScheme.Round(input, Width.Bits);
        }

        public override EncodedTensor Encode(Tensor input) => throw new NotSupportedException();

        protected internal override Tensor? InferWidth() => _tells ? bits.mul(1) : null;
    }
}
