using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Rules;

/// <summary>Rules and groups that cannot be meant are refused, and the model is left alone.</summary>
public sealed class RuleRefusalTests
{
    [Fact]
    public void A_rule_that_matches_no_layer_is_refused_with_the_names_of_the_layers() =>
        Refused(Rules(LayerRule.Named("conv3"))).WithMessage("Rule 'conv3' matches no layer. The layers are: conv1, conv2, fc.*");

    [Fact]
    public void So_is_one_that_earlier_rules_leave_nothing_for() =>
        Refused(Rules(LayerRule.Named("conv*").Fixed(4), LayerRule.Named("conv2").InFloat()))
            .WithMessage("Rule 'conv2' is never used: earlier rules take 'conv2'. The layers are: conv1, conv2, fc.*");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("conv1||fc")]
    public void A_pattern_with_nothing_in_it_is_refused(string pattern) =>
        FluentActions.Invoking(() => LayerRule.Named(pattern)).Should().Throw<ArgumentException>()
            .WithMessage($"*'{pattern}' is no name pattern*");

    [Fact]
    public void A_rules_widths_are_checked() =>
        FluentActions.Invoking(() => LayerRule.Named("conv1").Fixed(99)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("bits is 99; allowed are 1 to 24.*");

    [Fact]
    public void A_quantizer_for_what_stays_in_float_is_refused() =>
        Refused(Rules(LayerRule.Named("conv1").InFloat().With(weights: new RoundingOptions())))
            .WithMessage("Rule 'conv1' has RoundingOptions for its Weights, but leaves them in float*");

    [Fact]
    public void A_rule_that_makes_no_quantizer_is_named()
    {
        using var model = Networks.Convolutional();
        FluentActions.Invoking(
            () =>
                QuantizedModel.Attach(
                    model, randn(1, 3, 8, 8), Rules(LayerRule.First.With(weights: new RoundingOptions { WithoutQuantizer = "conv1" }))))
            .Should().Throw<InvalidOperationException>().WithMessage(
                "RoundingOptions made no quantizer for layer 'conv1': it returned null.");
    }

    [Fact]
    public void Leaving_everything_in_float_is_refused()
    {
        using var model = Networks.Convolutional();
        FluentActions.Invoking(() => QuantizedModel.Attach(model, randn(1, 3, 8, 8), Rules(LayerRule.Named("*").InFloat())))
            .Should().Throw<InvalidOperationException>().WithMessage("*every layer in float*conv1, conv2, fc*");
    }

    [Fact]
    public void Groups_and_sharing_must_agree()
    {
        Refused(new QuantizationOptions { WeightSharing = WidthSharing.Group }).WithMessage(
            "WeightSharing is Group, but WeightGroups is empty*");
        Refused(new QuantizationOptions { ActivationGroups = ["*"] }).WithMessage(
            "ActivationGroups has patterns, but ActivationSharing is Network*");
    }

    [Fact]
    public void Every_learned_layer_needs_a_group_and_every_group_a_layer()
    {
        Refused(Groups("fc")).WithMessage(
            "WeightGroups has no pattern for layer 'conv1', whose width is learned*The layers are: conv1, conv2, fc.*");
        Refused(Groups("*", "conv2")).WithMessage(
            "WeightGroups: the pattern 'conv2' is the first match of no layer*The layers are: conv1, conv2, fc.*");
    }

    private static QuantizationOptions Rules(params LayerRule[] rules) => new() { Rules = rules };

    private static QuantizationOptions Groups(params string[] patterns) =>
        new() { WeightSharing = WidthSharing.Group, WeightGroups = patterns, FirstLayerBits = null, LastLayerBits = null };

    private static FluentAssertions.Specialized.ExceptionAssertions<ArgumentException> Refused(QuantizationOptions options)
    {
        using var model = Networks.Convolutional();
        var names = model.named_modules().Select(m => m.name).ToList();
        var refused = FluentActions.Invoking(() => QuantizedModel.Attach(model, randn(1, 3, 8, 8), options))
            .Should().Throw<ArgumentException>();
        model.named_modules().Select(m => m.name).Should().Equal(names);
        return refused;
    }
}
