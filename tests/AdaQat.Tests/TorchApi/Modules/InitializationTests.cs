using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>The values that tensors and layers start with.</summary>
public sealed class InitializationTests
{
    [Theory]
    [InlineData(init.NonlinearityType.Linear, 0, 1)]
    [InlineData(init.NonlinearityType.Conv2D, 0, 1)]
    [InlineData(init.NonlinearityType.Sigmoid, 0, 1)]
    [InlineData(init.NonlinearityType.Tanh, 0, 5.0 / 3.0)]
    [InlineData(init.NonlinearityType.ReLU, 0, 1.4142135623730951)]
    [InlineData(init.NonlinearityType.LeakyReLU, 0.2, 1.3867504905630728)]
    public void Gains_are_PyTorchs(init.NonlinearityType nonlinearity, double parameter, double expected)
        => init.calculate_gain(nonlinearity, parameter).Should().BeApproximately(expected, 1e-12);

    [Fact]
    public void Fans_count_the_receptive_field()
    {
        init.CalculateFanInAndFanOut(zeros(3, 5)).Should().Be((5, 3));
        init.CalculateFanInAndFanOut(zeros(4, 3, 5, 2)).Should().Be((30, 40));
        var vector = () => init.CalculateFanInAndFanOut(zeros(3));
        vector.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_convolution_and_a_linear_layer_start_uniform_within_one_over_the_root_of_the_fan_in()
    {
        manual_seed(5);
        using var convolution = Conv2d(16, 64, 3);
        using var layer = Linear(100, 400);

        CheckUniform(convolution.weight!, 1 / Math.Sqrt(144));
        CheckUniform(convolution.bias!, 1 / Math.Sqrt(144), 0.1);
        CheckUniform(layer.weight!, 0.1);
        CheckUniform(layer.bias!, 0.1);
    }

    [Fact]
    public void The_same_seed_starts_a_layer_with_the_numbers_of_PyTorch()
    {
        manual_seed(0);
        using var layer = Linear(3, 2);

        // torch.manual_seed(0); torch.nn.Linear(3, 2)
        Near(layer.weight!, LinearOfSeed0Weight);
        Near(layer.bias!, LinearOfSeed0Bias);
    }

    [Fact]
    public void He_and_Glorot_initializations_have_their_deviations()
    {
        manual_seed(6);
        using var scope = NewDisposeScope();
        var weight = empty(200, 50, 3, 3);

        Deviation(init.kaiming_normal_(weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU))
            .Should().BeApproximately(Math.Sqrt(2.0 / 1800), 0.001);
        CheckUniform(init.kaiming_uniform_(weight, nonlinearity: init.NonlinearityType.ReLU), Math.Sqrt(6.0 / 450));
        CheckUniform(init.xavier_uniform_(weight, 2), 2 * Math.Sqrt(6.0 / 2250));
        CheckUniform(init.glorot_uniform_(weight), Math.Sqrt(6.0 / 2250));
        Deviation(init.normal_(weight, 1, 0.5)).Should().BeApproximately(0.5, 0.01);
    }

    [Fact]
    public void A_truncated_normal_distribution_keeps_to_its_bounds()
    {
        manual_seed(7);
        using var tensor = init.trunc_normal_(empty(20000), 0, 1, -1, 2);

        tensor.min().item<float>().Should().BeInRange(-1, -0.99f);
        tensor.max().item<float>().Should().BeInRange(1.9f, 2);
        tensor.mean().item<float>().Should().BeApproximately(0.2296f, 0.02f);
    }

    [Fact]
    public void Constants_identities_and_orthogonal_matrices_are_what_they_say()
    {
        using var scope = NewDisposeScope();
        init.constant_(empty(3), 2.5).data<float>().ToArray().Should().Equal(2.5f, 2.5f, 2.5f);
        init.zeros_(empty(2)).data<float>().ToArray().Should().Equal(0, 0);
        init.ones_(empty(2)).data<float>().ToArray().Should().Equal(1, 1);
        init.eye_(empty(2, 3)).data<float>().ToArray().Should().Equal(1, 0, 0, 0, 1, 0);

        var input = rand(1, 2, 5, 5);
        functional.conv2d(input, init.dirac_(empty(2, 2, 3, 3)), padding: [1, 1]).allclose(input).Should().BeTrue();

        var wide = init.orthogonal_(empty(3, 5), 2);
        wide.matmul(wide.t()).allclose(eye(3) * 4, 1e-5, 1e-5).Should().BeTrue();
        var tall = init.orthogonal_(empty(5, 3));
        tall.t().matmul(tall).allclose(eye(3), 1e-5, 1e-5).Should().BeTrue();

        init.sparse_(empty(10, 4), 0.25).eq(0).sum(dim: 0).data<long>().ToArray().Should().Equal(3, 3, 3, 3);
    }

    [Fact]
    public void A_parameter_is_filled_outside_the_graph()
    {
        using var parameter = Parameter(empty(4, 4));
        init.kaiming_uniform_(parameter).Should().BeSameAs(parameter);
        parameter.is_leaf.Should().BeTrue();
        parameter.requires_grad.Should().BeTrue();
    }

    private static readonly float[] LinearOfSeed0Weight = [-0.0043225177f, 0.3097158372f, -0.4751853347f, -0.4248946011f, -0.2223689705f, 0.1548207253f];
    private static readonly float[] LinearOfSeed0Bias = [-0.0114391446f, 0.4577749372f];

    private static void Near(Tensor tensor, float[] expected)
    {
        var values = tensor.data<float>().ToArray();
        values.Should().HaveSameCount(expected);
        for (var i = 0; i < values.Length; i++) values[i].Should().BeApproximately(expected[i], 1e-6f);
    }

    private static void CheckUniform(Tensor tensor, double bound, double tolerance = 0.02)
    {
        tensor.abs().max().item<float>().Should().BeLessThanOrEqualTo((float)bound * 1.00001f).And.BeGreaterThan((float)(bound * (1 - 5 * tolerance)));
        Deviation(tensor).Should().BeApproximately(bound / Math.Sqrt(3), bound * tolerance);
    }

    private static double Deviation(Tensor tensor) => tensor.detach().to(ScalarType.Float64).std().item<double>();
}
