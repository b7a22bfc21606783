using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>What of the attachment shows in the model: the quantizers' parameters under the layers, and never a quantized weight.</summary>
public sealed class VisibilityTests
{
    [Fact]
    public void Parameters_and_state_are_the_latent_weights_and_the_quantizers_own()
    {
        using var model = Networks.Linear();
        using var example = randn(2, 4);
        var before = model.named_parameters().ToList();
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        var after = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);

        after.Keys.Except(before.Select(p => p.name)).Should().Equal(
            "fc1.activation_quantizer.alpha", "fc2.activation_quantizer.alpha", "fc3.activation_quantizer.alpha");
        before.Should().OnlyContain(p => ReferenceEquals(after[p.name], p.parameter));
        model.state_dict().Keys.Should().Contain(after.Keys);
        quantized.Parameters().Should().HaveCount(9);
        quantized.QuantizerParameters().Should().HaveCount(3);
        quantized.ModelParameters().Should().BeEquivalentTo(before.Select(p => p.parameter), o => o.ComparingByValue<Parameter>());
    }

    [Fact]
    public void Inside_a_forward_too_the_model_shows_its_latent_weights()
    {
        using var fc = nn.Linear(4, 4);
        var latent = (Parameter)fc.get_parameter("weight")!;
        Lambda? model = null;
        var seen = new List<bool>();
        var inside = new Lambda(x =>
        {
            seen.Add(ReferenceEquals(model!.get_parameter("fc.weight"), latent));
            seen.Add(ReferenceEquals(model!.state_dict()["fc.weight"], latent));
            seen.Add(model!.named_parameters().Any(p => ReferenceEquals(p.parameter, latent)));
            return x.alias();
        });
        model = new Lambda(x => fc.call(x), ("fc", fc), ("inside", inside));
        using var example = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());
        fc.register_forward_hook((_, _, output) => inside.call(output));
        fc.register_forward_pre_hook((_, input) => inside.call(input));

        model.call(example).Dispose();

        seen.Should().HaveCount(6).And.OnlyContain(isLatent => isLatent);
    }

    [Fact]
    public void A_checkpoint_of_the_float_model_loads_into_the_attached_one()
    {
        using var model = Networks.Linear();
        using var other = Networks.Linear();
        using var example = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        model.load_state_dict(other.state_dict(), strict: false);

        Bits.Of(model.get_parameter("fc2.weight")!).Should().Equal(Bits.Of(other.get_parameter("fc2.weight")!));
        quantized.Layers[1].Attached.Should().NotBeNull();
    }
}
