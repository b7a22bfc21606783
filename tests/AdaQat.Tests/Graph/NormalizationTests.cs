using AdaQat.Graph;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.Graph;

/// <summary>Normalisation and softmax compute what TorchSharp's do.</summary>
public sealed class NormalizationTests
{
    [Theory]
    [InlineData(3L, 4L)]
    [InlineData(3L, 4L, 5L)]
    [InlineData(2L, 4L, 3L, 5L)]
    [InlineData(2L, 4L, 3L, 2L, 2L)]
    public void Batch_normalisation_is_TorchSharps_in_inference(params long[] shape)
    {
        var x = GraphOracle.Noise(1, shape);
        var (gamma, beta, mean) = (GraphOracle.Noise(2, 4), GraphOracle.Noise(3, 4), GraphOracle.Noise(4, 4));
        var variance = GraphOracle.Noise(5, 4).abs();

        GraphOracle.Check(
            new BatchNormOperator(1e-3), () => batch_norm(x, mean, variance, gamma, beta, eps: 1e-3), x, gamma, beta, mean, variance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Layer_normalisation_is_TorchSharps(int axes)
    {
        var x = GraphOracle.Noise(1, 2, 3, 4, 5);
        long[] shape = x.shape[^axes..];
        var (gamma, beta) = (GraphOracle.Noise(2, shape), GraphOracle.Noise(3, shape));

        GraphOracle.Check(new LayerNormOperator(axes, 1e-4), () => layer_norm(x, shape, gamma, beta, 1e-4), x, gamma, beta);
        GraphOracle.Check(new LayerNormOperator(axes), () => layer_norm(x, shape, gamma), x, gamma);
        GraphOracle.Check(new LayerNormOperator(axes), () => layer_norm(x, shape), x);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void Group_normalisation_is_TorchSharps(long groups)
    {
        var x = GraphOracle.Noise(1, 2, 6, 3, 4);
        var (gamma, beta) = (GraphOracle.Noise(2, 6), GraphOracle.Noise(3, 6));

        GraphOracle.Check(new GroupNormOperator(groups, 1e-4), () => group_norm(x, groups, gamma, beta, 1e-4), x, gamma, beta);
        GraphOracle.Check(new GroupNormOperator(groups), () => group_norm(x, groups), x);
    }

    [Fact]
    public void Instance_normalisation_is_group_normalisation_with_a_group_for_each_channel()
    {
        var x = GraphOracle.Noise(1, 2, 6, 5);

        GraphOracle.Check(new GroupNormOperator(6), () => instance_norm(x), x);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_softmax_is_TorchSharps_along_any_axis(int axis)
    {
        // Large numbers: a softmax without its maximum taken off would be infinite.
        var x = GraphOracle.Noise(1, 3, 4, 5) * 500;

        GraphOracle.Check(new SoftmaxOperator(axis), () => softmax(x, axis), x);
        GraphOracle.Check(new LogSoftmaxOperator(axis), () => log_softmax(x, axis), x);
    }
}
