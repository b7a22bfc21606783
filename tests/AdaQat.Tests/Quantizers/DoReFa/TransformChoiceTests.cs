using AdaQat.Quantizers;
using AdaQat.Quantizers.DoReFa;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.DoReFa;

/// <summary>Tanh is taken where it hardly changes a weight.</summary>
public sealed class TransformChoiceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void The_damage_is_the_relative_error_of_tanh_at_the_same_scale() => Arbitrary.ForAll(
        Arbitrary.Values.Where(values => values.Any(v => v != 0)), values =>
        {
            using var scope = NewDisposeScope();
            var a = values.Average(Math.Abs) / values.Average(v => Math.Abs(Math.Tanh(v)));
            var expected = Math.Sqrt(values.Sum(v => Math.Pow((a * Math.Tanh(v)) - v, 2)) / values.Sum(v => v * v));

            TransformChoice.Damage(Make.Tensor(values, ScalarType.Float64)).Should().BeApproximately(expected, 1e-12);
            TransformChoice.Damage(Make.Tensor(values)).Should().BeApproximately(expected, 1e-6);
        });

    [Theory]
    [InlineData("He", 16, 16, 3, WeightTransform.Tanh)]
    [InlineData("He", 64, 3, 7, WeightTransform.Tanh)]
    [InlineData("default", 32, 1, 3, WeightTransform.Tanh)]
    [InlineData("default", 64, 8, 1, WeightTransform.Tanh)]
    [InlineData("default", 64, 2, 1, WeightTransform.Linear)]
    [InlineData("trained", 16, 3, 3, WeightTransform.Linear)]
    public void Small_random_starts_get_tanh_and_weights_as_large_as_training_or_few_inputs_make_them_do_not(
        string start, long outputs, long inputs, long kernel, WeightTransform expected)
    {
        manual_seed(1);
        var weight = nn.Conv2d(inputs, outputs, kernel).weight!;
        if (start != "default")
        {
            nn.init.kaiming_normal_(weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        }

        // ResNet-20's first layer grew three times as large in ten epochs.
        TransformChoice.For(start == "trained" ? weight * 3 : weight).Should().Be(expected);
    }

    [Fact]
    public void Weights_of_one_magnitude_get_tanh_however_large_since_it_only_scales_them()
    {
        TransformChoice.Damage(Make.Tensor([3, -3, 3])).Should().BeApproximately(0, 1e-6);
        TransformChoice.For(Make.Tensor([3, -3, 3])).Should().Be(WeightTransform.Tanh);
    }

    [Fact]
    public void What_is_not_finite_does_not_count()
    {
        var finite = Make.Tensor([2, -0.5, 0.1]);

        TransformChoice.Damage(Make.Tensor([double.NaN, 2, -0.5, double.PositiveInfinity, 0.1]))
            .Should().Be(TransformChoice.Damage(finite)).And.BePositive();
    }

    [Fact]
    public void Zeros_no_numbers_and_no_elements_tell_nothing()
    {
        foreach (var weight in new[] { zeros(3), full([2], double.NaN), zeros(0) })
        {
            TransformChoice.Damage(weight).Should().BeNull();
            TransformChoice.For(weight).Should().BeNull();
        }
    }

    [Theory]
    [InlineData(1e-42, WeightTransform.Tanh)]
    [InlineData(1e-20, WeightTransform.Tanh)]
    [InlineData(1e20, WeightTransform.Linear)]
    [InlineData(1e38, WeightTransform.Linear)]
    public void Very_small_and_very_large_weights_are_judged_too(double size, WeightTransform expected)
    {
        TransformChoice.For(Make.Tensor([size, -size / 2, size / 4])).Should().Be(expected);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Every_type_of_weight_is_judged(ScalarType type)
    {
        TransformChoice.Damage(Make.Tensor([2, -0.5, 0.25], type)).Should().Be(TransformChoice.Damage(Make.Tensor([2, -0.5, 0.25])));
    }

    [Fact]
    public void Neither_a_tensor_nor_a_gradient_is_left_behind()
    {
        var weight = Make.Leaf([2, double.NaN, 0.25]);

        LiveTensors.LeftBy(() => TransformChoice.For(weight)).Should().Be(0);

        weight.grad.Should().BeNull();
    }

    public void Dispose() => _scope.Dispose();
}
