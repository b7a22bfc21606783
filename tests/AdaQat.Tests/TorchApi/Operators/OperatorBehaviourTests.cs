using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

public sealed class OperatorBehaviourTests
{
    [Fact]
    public void A_mistake_in_the_shapes_raises_torchs_message()
    {
        using var scope = NewDisposeScope();
        var left = ones(2, 3);
        var right = ones(4, 5);
        FluentActions.Invoking(() => left.matmul(right)).Should().Throw<ExternalException>().WithMessage("*2x3 and 4x5*");
    }

    [Fact]
    public void A_target_of_another_shape_is_refused_by_binary_cross_entropy()
    {
        using var scope = NewDisposeScope();
        var input = full(2, 3, 0.5);
        var target = zeros(3);
        FluentActions.Invoking(() => nn.functional.binary_cross_entropy(input, target)).Should().Throw<ExternalException>();
    }

    [Fact]
    public void In_place_operators_change_the_tensor_they_are_called_on()
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(new[] { 1f, -2f, 3f });
        numbers.add_(1).mul_(2).clamp_(min: 0, max: 6);
        numbers.data<float>().ToArray().Should().Equal(4, 0, 6);
    }

    [Fact]
    public void An_in_place_activation_returns_the_same_memory()
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(new[] { 1f, -2f });
        var result = nn.functional.relu(numbers, inplace: true);
        result.add_(1);
        numbers.data<float>().ToArray().Should().Equal(2, 1);
    }

    [Fact]
    public void Slices_are_views_and_masks_are_copies()
    {
        using var scope = NewDisposeScope();
        var numbers = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        numbers[1].fill_(9);
        numbers[numbers > 5].fill_(0);
        numbers[.., ^1].neg_();
        numbers.reshape(-1).data<float>().ToArray().Should().Equal(0, 1, -2, 9, 9, -9);
    }

    [Fact]
    public void A_view_shares_its_memory()
    {
        using var scope = NewDisposeScope();
        var numbers = zeros(2, 3);
        numbers.view(3, 2).transpose(0, 1).add_(1);
        numbers.sum().item<float>().Should().Be(6);
    }

    [Fact]
    public void Rounding_goes_to_the_even_neighbour()
    {
        using var scope = NewDisposeScope();
        var rounded = tensor(new[] { -1.5, -0.5, 0.5, 1.5, 2.5 }).round();
        rounded.data<double>().ToArray().Should().Equal(-2, 0, 0, 2, 2);
    }

    [Fact]
    public void Numbers_on_either_side_keep_the_type_of_the_tensor()
    {
        using var scope = NewDisposeScope();
        var single = ones(2);
        foreach (var result in new[] { single + 1.5, 1.5 - single, single * 2, 2.0 / single, single % 2L, single - 1f })
            result.dtype.Should().Be(ScalarType.Float32);
        (ones(2, dtype: ScalarType.Int64) * 2).dtype.Should().Be(ScalarType.Int64);
    }

    [Fact]
    public void Operators_leave_no_tensor_behind()
    {
        using var warm = NewDisposeScope();
        var input = rand(2, 3, 4, 4);
        // What earlier tests left to the finalizer must not go away in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            _ = 1 - input;
            _ = 1 / input;
            _ = input[0, 1..3, TensorIndex.Ellipsis];
            input[0, 0] = input[1, 1];
            _ = nn.functional.normalize(input);
            _ = nn.functional.local_response_norm(input, 3);
            _ = nn.functional.scaled_dot_product_attention(input, input, input, is_casual: true);
            _ = nn.functional.adaptive_max_pool2d(input, [2, 2]);
        }

        Tensor.TotalCount.Should().Be(before);
    }
}
