using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>A layer that a model computes with past its hooks: the error says in which way, and a rule leaves it in float.</summary>
public sealed class DirectUseTests
{
    private static readonly QuantizationOptions Options = new();

    private readonly Conv2d _stem = nn.Conv2d(3, 4, 3, padding: 1);

    [Fact]
    public void A_weight_that_the_model_computes_with_itself_is_told_from_a_forward()
    {
        using var model = Standardized();
        using var example = randn(1, 3, 8, 8);

        var attach = () => QuantizedModel.Attach(model, example, Options);

        attach.Should().Throw<InvalidOperationException>().WithMessage(
            "The model computes with the weight of layer 'conv' itself, without calling the layer, so that no quantizer reaches it; call "
            + "the layer (call(), not forward()), or leave the layer in float: LayerRule.Named(\"conv\").InFloat().");
    }

    [Fact]
    public void A_rule_leaves_it_in_float_and_the_summary_says_why()
    {
        using var model = Standardized();
        using var example = randn(1, 3, 8, 8);
        using var before = model.call(example);

        using var quantized = Attach(model, example, "conv");

        quantized.Layers.Select(l => l.Name).Should().Equal("stem");
        quantized.Summary().ToString().Should().Contain("float: its weight is used by the model itself");
        using var after = model.call(example);
        after.shape.Should().Equal(before.shape);
        using var loss = after.square().mean();
        loss.backward();
        ((Conv2d)model.named_modules().First(m => m.name == "conv").module).weight.grad.Should().NotBeNull();
    }

    [Fact]
    public void A_transposed_convolution_with_an_output_size_is_told_from_both()
    {
        using var model = Upsampling(withSize: true);
        using var example = randn(1, 3, 8, 8);

        var attach = () => QuantizedModel.Attach(model, example, Options);

        attach.Should().Throw<InvalidOperationException>().WithMessage(
            "Layer 'up' is reached through forward(), which runs no hooks; use call() there, so that it can be quantized, with "
            + "output_padding in the layer's constructor in place of the output size, which call() does not take, or leave the layer in "
            + "float: LayerRule.Named(\"up\").InFloat().");
    }

    [Fact]
    public void It_can_stay_in_float_by_a_rule_and_the_summary_says_why()
    {
        using var model = Upsampling(withSize: true);
        using var example = randn(1, 3, 8, 8);
        using var quantized = Attach(model, example, "up");

        using var output = model.call(example);

        output.shape.Should().Equal(1, 2, 16, 16);
        quantized.Summary().ToString().Should().Contain("float: reached through forward() with an output size");
    }

    [Fact]
    public void Without_a_size_the_advice_is_to_call_it()
    {
        using var model = Upsampling(withSize: false);
        using var example = randn(1, 3, 8, 8);

        var attach = () => QuantizedModel.Attach(model, example, Options);

        attach.Should().Throw<InvalidOperationException>().WithMessage(
            "Layer 'up' is reached through forward(), which runs no hooks; use call() there, so that it can be quantized, or leave *");
    }

    [Fact]
    public void A_layer_reached_through_forward_can_stay_in_float_by_a_rule()
    {
        var head = nn.Linear(4, 2);
        using var model = new Lambda(x => head.forward(_stem.call(x).mean([2, 3])), ("stem", _stem), ("head", head));
        using var example = randn(1, 3, 8, 8);

        using var quantized = Attach(model, example, "head");

        quantized.Layers.Select(l => l.Name).Should().Equal("stem");
        quantized.Summary().ToString().Should().Contain("float: reached through forward()");
    }

    [Fact]
    public void So_can_one_that_is_called_in_another_place()
    {
        var twice = nn.Linear(4, 4);
        using var model = new Lambda(
            x => twice.forward(twice.call(_stem.call(x).mean([2, 3]))), ("stem", _stem), ("twice", twice));
        using var example = randn(1, 3, 8, 8);

        using var quantized = Attach(model, example, "twice");

        quantized.Layers.Select(l => l.Name).Should().Equal("stem");
    }

    [Fact]
    public void A_layer_that_one_example_calls_and_another_reaches_through_forward_is_refused()
    {
        var head = nn.Conv2d(4, 2, 3);
        using var model = new Lambda(
            x => x.shape[3] > 8 ? head.forward(_stem.call(x)) : head.call(_stem.call(x)), ("stem", _stem), ("head", head));
        using var small = randn(1, 3, 8, 8);
        using var large = randn(1, 3, 16, 16);

        var attach = () => QuantizedModel.Attach(model, [small, large], Options);

        attach.Should().Throw<InvalidOperationException>()
            .WithMessage("Layer 'head' is called in one place, and in another reached through forward()*");
    }

    [Fact]
    public void The_rules_for_the_first_and_the_last_layer_are_for_layers_that_are_called()
    {
        var (body, head) = (nn.Linear(4, 4), nn.Linear(4, 2));
        using var model = new Lambda(
            x => nn.functional.linear(body.call(_stem.call(x).mean([2, 3])), head.weight * 2, head.bias),
            ("stem", _stem), ("body", body), ("head", head));
        using var example = randn(1, 3, 8, 8);

        using var quantized = Attach(model, example, "head");

        quantized.Layers.Select(l => (l.Name, l.Rule)).Should().Equal(("stem", "first layer"), ("body", "last layer"));
    }

    [Fact]
    public void A_model_whose_only_layer_is_used_directly_is_refused_by_that_layers_name()
    {
        var only = nn.Linear(4, 2);
        using var model = new Lambda(x => only.forward(x), ("only", only));
        using var example = randn(1, 4);

        var attach = () => QuantizedModel.Attach(model, example, Options);

        attach.Should().Throw<InvalidOperationException>().WithMessage("Layer 'only' is reached through forward()*");
    }

    [Fact]
    public void Such_a_model_trains_and_bakes()
    {
        using var model = Standardized();
        using var example = randn(4, 3, 8, 8);
        using var quantized = Attach(model, example, "conv");
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        using var weights = optim.SGD(quantized.Parameters(), 0.01);
        for (var step = 0; step < 3; step++)
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            var loss = Loss();
            loss.backward();
            widths.Step(loss, Loss);
            weights.step();
        }

        model.eval();
        using var before = model.call(example);
        quantized.Bake();
        using var after = model.call(example);

        Bits.Of(after).Should().Equal(Bits.Of(before));

        Tensor Loss() => model.call(example).square().mean();
    }

    private static QuantizedModel Attach(nn.Module<Tensor, Tensor> model, Tensor example, string inFloat) =>
        QuantizedModel.Attach(model, example, Options with { Rules = [LayerRule.Named(inFloat).InFloat()] });

    /// <summary>Weight standardisation, as users write it.</summary>
    private Lambda Standardized()
    {
        var conv = nn.Conv2d(4, 4, 3, padding: 1, bias: false);
        return new Lambda(
            x =>
            {
                var weight = conv.weight;
                var centred = weight - weight.mean([1, 2, 3], keepdim: true);
                return nn.functional.conv2d(_stem.call(x).relu(), centred / (centred.std() + 1e-5), padding: [1, 1]);
            },
            ("stem", _stem), ("conv", conv));
    }

    private Lambda Upsampling(bool withSize)
    {
        var up = nn.ConvTranspose2d(4, 2, 3, stride: 2, padding: 1);
        return new Lambda(
            x => withSize ? up.forward(_stem.call(x), [16, 16]) : up.forward(_stem.call(x)), ("stem", _stem), ("up", up));
    }
}
