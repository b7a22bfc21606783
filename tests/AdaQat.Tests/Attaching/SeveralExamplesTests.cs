using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>Several examples, and runs in training mode, show layers that one example does not.</summary>
public sealed class SeveralExamplesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<string, nn.Module<Tensor, Tensor>> _layers = [];

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_branch_that_only_one_example_takes_is_quantized_and_stands_where_it_is_called()
    {
        using var model = OfSize();
        using var quantized = QuantizedModel.Attach(model, [rand(2, 4), rand(2, 8)], Schemes.PerLayer);

        Names(quantized).Should().Equal("stem", "narrow", "wide", "body", "head");
        quantized.Summary().Layers.Should().NotContain(l => l.Widths.StartsWith("float"));
    }

    [Fact]
    public void With_one_example_the_other_branch_stays_in_float_as_not_called()
    {
        using var model = OfSize();
        using var quantized = QuantizedModel.Attach(model, rand(2, 4), Schemes.PerLayer);

        Names(quantized).Should().Equal("stem", "narrow", "body", "head");
        quantized.Summary().Layers.Should().ContainSingle(l => l.Name == "wide" && l.Widths == "float: not called");
    }

    [Fact]
    public void The_first_and_the_last_layer_of_each_example_are_first_and_last()
    {
        using var model = Chain(
            x => x.shape[1] == 4 ? ["a", "c", "x"] : ["b", "c", "y"], ("a", 4, 8), ("b", 6, 8), ("c", 8, 8), ("x", 8, 2), ("y", 8, 3));
        using var quantized = QuantizedModel.Attach(model, [rand(2, 4), rand(2, 6)]);

        Names(quantized).Should().Equal("a", "b", "c", "x", "y");
        quantized.Layers.Select(l => (l.WeightBits.IsLearned, l.WeightBits.Bits)).Should().Equal(
            (false, 8), (false, 8), (true, 8), (false, 8), (false, 8));
    }

    [Fact]
    public void A_layers_costs_are_those_of_the_first_example_that_calls_it()
    {
        using var model = new Lambda(
            x => Call("conv", x).mean([2, 3]), Layer("conv", nn.Conv2d(3, 4, 3, padding: 1)));
        using var quantized = QuantizedModel.Attach(model, [rand(1, 3, 8, 8), rand(1, 3, 16, 16)], Schemes.PerLayer);

        quantized.Layers[0].Profile.Macs.Should().Be(8 * 8 * 4 * 3 * 9);
        quantized.Layers[0].Profile.ActivationCount.Should().Be(3 * 8 * 8);
    }

    [Fact]
    public void An_input_that_is_negative_in_any_example_has_a_sign()
    {
        using var model = Networks.Linear();
        using (var one = QuantizedModel.Attach(model, rand(2, 4), new QuantizationOptions()))
        {
            Pact(one.Layers[0]).IsSigned.Should().BeFalse();
        }

        using var quantized = QuantizedModel.Attach(model, [rand(2, 4), -rand(2, 4)], new QuantizationOptions());

        Pact(quantized.Layers[0]).IsSigned.Should().BeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Layers_that_read_one_tensor_in_any_example_share_its_quantizer(bool together)
    {
        // Behind some first weights ReLU leaves nothing but zeros, which say nothing of a range.
        manual_seed(1);
        using var model = new Lambda(
            x =>
            {
                var read = Call("stem", x).relu();
                return Call("left", read) + Call("right", x.shape[0] == 2 ? read : read + 1);
            },
            Layer("stem", nn.Linear(4, 4)), Layer("left", nn.Linear(4, 4)), Layer("right", nn.Linear(4, 4)));

        using var quantized = QuantizedModel.Attach(model, [rand(3, 4), rand(together ? 2 : 5, 4)], Schemes.PerLayer);

        ReferenceEquals(quantized.Layers[1].ActivationQuantizer, quantized.Layers[2].ActivationQuantizer).Should().Be(together);
        model.call(rand(3, 4)).sum().backward();
        model.call(rand(2, 4)).sum().backward();
        quantized.Layers.Should().OnlyContain(l => l.ActivationQuantizer.IsCalibrated);
    }

    [Fact]
    public void Inputs_that_one_example_shares_and_another_parts_are_joined_whichever_comes_first()
    {
        var chosen = new[] { new[] { "a", "b" }, ["b", "c"], ["a", "c"] };
        using var model = new Lambda(
            x =>
            {
                var read = x.relu();
                return new[] { "a", "b", "c" }.Select(n => Call(n, chosen[x.shape[0] - 1].Contains(n) ? read : x.clone()))
                    .Aggregate((sum, y) => sum + y);
            },
            Layer("a", nn.Linear(4, 4)), Layer("b", nn.Linear(4, 4)), Layer("c", nn.Linear(4, 4)));

        using var quantized = QuantizedModel.Attach(model, [rand(1, 4), rand(2, 4), rand(3, 4)], Schemes.PerLayer);

        quantized.Layers.Select(l => l.ActivationQuantizer).Distinct().Should().ContainSingle();
        model.call(rand(3, 4)).sum().backward();
    }

    [Fact]
    public void An_auxiliary_head_that_runs_only_in_training_is_quantized_on_request()
    {
        using var model = WithAuxiliaryHead();
        var example = rand(2, 4);
        var state = Bits.OfState(model);
        var random = Bits.OfRandomState();
        model.train();

        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions { TraceTraining = true });

        Names(quantized).Should().Equal("stem", "auxiliary", "body", "head");
        quantized.Layers.Select(l => l.WeightBits.IsLearned).Should().Equal(false, true, true, false);
        model.training.Should().BeTrue();
        Bits.OfRandomState().Should().Equal(random);
        quantized.Detach();
        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void Without_being_asked_the_auxiliary_head_stays_in_float()
    {
        using var model = WithAuxiliaryHead();
        using var quantized = QuantizedModel.Attach(model, rand(2, 4), new QuantizationOptions());

        Names(quantized).Should().Equal("stem", "body", "head");
    }

    [Fact]
    public void A_run_that_fails_is_named()
    {
        using var model = WithAuxiliaryHead();

        model.Invoking(m => QuantizedModel.Attach(m, [rand(2, 4), rand(2, 5)])).Should().Throw<ArgumentException>()
            .WithMessage("The model fails on the example input number 2: *");
        model.Invoking(m => QuantizedModel.Attach(m, Array.Empty<Tensor>())).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*exampleInputs*allowed are 1 and more*");
        QuantizedModel.Attach(model, rand(2, 4)).Dispose();
    }

    [Fact]
    public void A_failure_in_training_mode_says_so()
    {
        Lambda? model = null;
        model = new Lambda(x => Call("a", model!.training ? x.narrow(1, 0, 3) : x), Layer("a", nn.Linear(4, 4)));
        using var owned = model;

        model.Invoking(m => QuantizedModel.Attach(m, rand(2, 4), new QuantizationOptions { TraceTraining = true }))
            .Should().Throw<ArgumentException>().WithMessage("The model fails on the example input in training mode: *");
    }

    [Fact]
    public void A_layer_that_another_example_reaches_through_forward_is_refused()
    {
        using var model = new Lambda(
            x => x.shape[0] == 2 ? Call("a", x) : _layers["a"].forward(x), Layer("a", nn.Linear(4, 4)));

        model.Invoking(m => QuantizedModel.Attach(m, [rand(2, 4), rand(3, 4)], Schemes.PerLayer))
            .Should().Throw<InvalidOperationException>().WithMessage("*'a'*forward()*");
    }

    [Fact]
    public void Several_examples_of_a_model_of_several_inputs_are_given_as_forwards()
    {
        using var model = new PairNetwork();
        var (left, right) = PairNetwork.Example();

        using var quantized = QuantizedModel.Attach(
            model, [() => model.call(left, right), () => model.call(right, left)], batchSize: 2, new QuantizationOptions());

        Names(quantized).Should().Equal("_left", "_right", "_both", "_head");
        quantized.Layers[0].Profile.Macs.Should().Be(6 * 8);
    }

    [Fact]
    public void Attaching_to_several_examples_leaves_no_tensor_behind()
    {
        using var model = WithAuxiliaryHead();
        var (first, second) = (rand(2, 4), rand(3, 4));
        AttachAndDispose();

        LiveTensors.LeftBy(AttachAndDispose).Should().Be(0);

        void AttachAndDispose() =>
            QuantizedModel.Attach(model, [first, second], new QuantizationOptions { TraceTraining = true }).Dispose();
    }

    private static IEnumerable<string> Names(QuantizedModel quantized) => quantized.Layers.Select(l => l.Name);

    private static PactQuantizer Pact(QuantizedLayer layer) => (PactQuantizer)layer.ActivationQuantizer;

    private (string Name, nn.Module Module) Layer(string name, nn.Module<Tensor, Tensor> layer)
    {
        _layers[name] = layer;
        return (name, layer);
    }

    private Tensor Call(string name, Tensor input) => _layers[name].call(input);

    /// <summary>Linear layers, called one after the other as the input's shape says.</summary>
    private Lambda Chain(Func<Tensor, string[]> order, params (string Name, long In, long Out)[] layers)
    {
        var registered = layers.Select(l => Layer(l.Name, nn.Linear(l.In, l.Out))).ToArray();
        return new Lambda(x => order(x).Aggregate(x, (y, name) => Call(name, y)), registered);
    }

    private Lambda OfSize() => new(
        x => Call("head", Call("body", Call(x.shape[1] == 4 ? "narrow" : "wide", Call("stem", x.narrow(1, 0, 4)))).relu()),
        Layer("stem", nn.Linear(4, 4)), Layer("narrow", nn.Linear(4, 4)), Layer("wide", nn.Linear(4, 4)),
        Layer("body", nn.Linear(4, 4)), Layer("head", nn.Linear(4, 2)));

    private Lambda WithAuxiliaryHead()
    {
        var normalisation = nn.BatchNorm1d(4);
        var drop = nn.Dropout(0.5);
        Lambda? model = null;
        return model = new Lambda(
            x =>
            {
                var stem = drop.call(normalisation.call(Call("stem", x))).relu();
                var auxiliary = model!.training ? Call("auxiliary", stem) : null;
                var scores = Call("head", Call("body", stem).relu());
                return auxiliary is null ? scores : scores + auxiliary;
            },
            Layer("stem", nn.Linear(4, 4)), ("normalisation", normalisation), ("drop", drop), Layer("auxiliary", nn.Linear(4, 2)),
            Layer("body", nn.Linear(4, 4)), Layer("head", nn.Linear(4, 2)));
    }
}
