using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>What cannot be attached is refused by name, before anything has changed.</summary>
public sealed class RefusalTests
{
    private static readonly QuantizationOptions Options = new();

    [Fact]
    public void Attaching_twice_is_refused()
    {
        using var model = Networks.Linear();
        using var example = randn(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, Options);

        Attaching(model, example).Should().Throw<InvalidOperationException>()
            .WithMessage("The model is attached already; detach it first.");
    }

    [Fact]
    public void Attaching_a_model_with_an_attached_part_is_refused()
    {
        using var part = Networks.Linear();
        using var whole = nn.Sequential(nn.ReLU(), part);
        using var example = randn(1, 4);
        using var quantized = QuantizedModel.Attach(part, example, Options);

        Attaching(whole, example).Should().Throw<InvalidOperationException>().WithMessage("*attached already*");
    }

    [Fact]
    public void An_example_of_another_shape_is_refused_in_one_line_and_the_model_is_as_before()
    {
        using var model = Networks.Linear();
        using var example = randn(1, 5);
        var before = Bits.OfState(model);

        Attaching(model, example).Should().Throw<ArgumentException>()
            .Which.Message.Should().StartWith("The model fails on the example input: ").And.Contain("1x5").And.NotContain("\n");

        Bits.OfState(model).ShouldEqual(before);
        using var good = randn(1, 4);
        using var quantized = QuantizedModel.Attach(model, good, Options);
    }

    [Fact]
    public void A_layer_reached_through_forward_is_refused_by_name()
    {
        var good = nn.Linear(4, 4);
        var bad = nn.Linear(4, 4);
        using var model = new Lambda(x => bad.forward(good.call(x)), ("good", good), ("bad", bad));
        using var example = randn(1, 4);
        var before = Bits.OfState(model);

        Attaching(model, example).Should().Throw<InvalidOperationException>()
            .WithMessage("Layer 'bad' is reached through forward(), which runs no hooks; use call() there*");

        Bits.OfState(model).ShouldEqual(before);
        using var output = model.call(example);
        output.shape.Should().Equal(1, 4);
    }

    [Fact]
    public void So_is_one_that_is_called_in_one_place_and_reached_through_forward_in_another()
    {
        var (first, twice) = (nn.Linear(4, 4), nn.Linear(4, 4));
        using var model = new Lambda(x => twice.forward(twice.call(first.call(x))), ("first", first), ("twice", twice));
        using var example = randn(2, 4);
        using var before = model.call(example);

        Attaching(model, example, Options).Should().Throw<InvalidOperationException>()
            .WithMessage(
                "Layer 'twice' is called in one place, and in another reached through forward(), which runs no hooks; use call() there*");

        using var after = model.call(example);
        after.bytes.ToArray().Should().Equal(before.bytes.ToArray());
    }

    [Fact]
    public void A_weight_that_the_model_also_computes_with_itself_is_no_reason_to_refuse()
    {
        var encoder = nn.Linear(6, 4);
        using var model = new Lambda(x => nn.functional.linear(encoder.call(x), encoder.weight!.t()), ("encoder", encoder));
        using var example = randn(2, 6);

        using var quantized = QuantizedModel.Attach(model, example, Options);

        quantized.Layers.Should().ContainSingle();
    }

    [Fact]
    public void A_nested_layer_reached_through_forward_is_refused_by_its_full_name()
    {
        var conv = nn.Conv2d(3, 3, 3);
        var block = new Lambda(x => conv.forward(x), ("conv", conv));
        using var model = nn.Sequential(("stem", nn.Conv2d(3, 3, 3)), ("block", block));
        using var example = randn(1, 3, 8, 8);

        Attaching(model, example).Should().Throw<InvalidOperationException>().WithMessage("Layer 'block.conv' *");
    }

    [Fact]
    public void A_layer_that_is_not_reached_at_all_is_no_mistake()
    {
        using var model = new Lambda(x => x.alias(), ("head", nn.Linear(4, 4)));
        var used = nn.Linear(4, 4);
        using var whole = nn.Sequential(("used", used), ("model", model));
        using var example = randn(1, 4);

        using var quantized = QuantizedModel.Attach(whole, example, Options);

        quantized.Layers.Should().ContainSingle().Which.Name.Should().Be("used");
    }

    [Fact]
    public void A_model_without_a_layer_to_quantize_is_refused()
    {
        using var model = nn.Sequential(nn.ReLU(), nn.Flatten());
        using var example = randn(1, 4);

        Attaching(model, example).Should().Throw<InvalidOperationException>().WithMessage("The model has no layer to quantize*");
    }

    [Fact]
    public void An_empty_example_is_refused_by_shape()
    {
        using var model = Networks.Linear();
        using var example = zeros(0, 4);

        Attaching(model, example).Should().Throw<ArgumentException>().WithMessage("The example input is empty, of shape [0, 4];*");
    }

    [Fact]
    public void An_example_that_does_not_fit_brings_the_models_own_error_and_leaves_the_model_alone()
    {
        using var model = Networks.Convolutional();
        using var example = randn(1, 5, 8, 8);
        var before = Bits.OfState(model);

        Attaching(model, example).Should().Throw<Exception>();

        model.training.Should().BeTrue();
        is_grad_enabled().Should().BeTrue();
        Bits.OfState(model).ShouldEqual(before);
        using var good = randn(2, 3, 8, 8);
        using var quantized = QuantizedModel.Attach(model, good, Options);
    }

    [Fact]
    public void An_option_outside_what_is_allowed_is_refused_by_name()
    {
        using var model = Networks.Linear();
        using var example = randn(1, 4);

        Attaching(model, example, Options with { FirstLayerBits = 0 }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("FirstLayerBits is 0; allowed are 1 to 24.*");
        Attaching(model, example, Options with { WeightSharing = (WidthSharing)7 }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("WeightSharing is 7; allowed are Network, Layer, Group, Join.*");
        Attaching(model, example, Options with { Activations = new DoReFaOptions() }).Should().Throw<ArgumentException>()
            .WithMessage("DoReFaOptions is for weights, and was chosen for the input of layer 'fc1'; PactOptions is for inputs.");
        Attaching(model, example, Options with { Weights = new PactOptions() }).Should().Throw<ArgumentException>()
            .WithMessage("PactOptions is for layers' inputs, and was chosen for the weight of layer 'fc1'; DoReFaOptions is for weights.");
    }

    [Fact]
    public void A_scheme_that_makes_no_quantizer_for_a_layer_is_refused_by_name_and_the_model_is_as_before()
    {
        using var model = Networks.Linear();
        using var example = randn(1, 4);

        Attaching(model, example,
            new RoundingScheme(new RoundingOptions { WithoutQuantizer = "fc2" })).Should().Throw<InvalidOperationException>()
            .WithMessage("RoundingOptions made no quantizer for layer 'fc2'*");

        model.named_modules().Should().HaveCount(5);
        using var quantized = QuantizedModel.Attach(model, example, Options);
    }

    private static Action Attaching(nn.Module<Tensor, Tensor> model, Tensor example, QuantizationScheme? scheme = null) =>
        () => QuantizedModel.Attach(model, example, scheme ?? Options);
}
