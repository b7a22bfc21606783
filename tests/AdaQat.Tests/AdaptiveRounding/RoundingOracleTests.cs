using System.Text.Json;
using AdaQat.AdaptiveRounding;
using AdaQat.Corrections;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.AdaptiveRounding;

/// <summary>Learned rounding of one layer, held against plain PyTorch: Fixtures/make_rounding.py.</summary>
public sealed class RoundingOracleTests
{
    [Fact]
    public void One_layer_takes_the_way_that_plain_pytorch_takes_and_ends_at_its_codes()
    {
        using var scope = NewDisposeScope();
        var expected = JsonSerializer.Deserialize<Fixture>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "rounding.json")), JsonSerializerOptions.Web)!;
        var conv = nn.Conv2d(3, 6, 3, padding: 1);
        using var model = nn.Sequential(("conv", conv), ("relu", nn.ReLU()));
        using (no_grad())
        {
            conv.weight!.copy_(Make.Tensor(expected.Weight, ScalarType.Float32, 6, 3, 3, 3));
            conv.bias!.copy_(Make.Tensor(expected.Bias));
        }

        var x = Make.Tensor(expected.X, ScalarType.Float32, 24, 3, 7, 7);
        var seen = Make.Tensor(expected.Seen, ScalarType.Float32, 24, 3, 7, 7);
        var network = CorrectedNetwork.Of(model, ModelCapture.Graph(model, x));
        var node = network.Graph.Node("conv");
        var layer = network.LayerOf(node, out _)!;
        using var quantizer = new LsqQuantizer(BitWidth.Fixed("w", 3), QuantizerTarget.Weight);
        using (no_grad())
        {
            quantizer.UnitStep.fill_(expected.Scale * Math.Sqrt(3));
        }

        var grid = RoundingGrid.Of(quantizer, layer.Weight.detach(), out _)!;
        var function = LayerFunction.Of(network, node, layer, out _)!;
        Tensor targets;
        using (no_grad())
        {
            targets = function(x, layer.Weight.detach());
        }

        var problem = new RoundingProblem(grid, function, OutputFunction.Of(network, node), seen, targets, axis: 1);
        var options = new LearnedRoundingOptions
        {
            Iterations = expected.Batches.Length,
            BatchSize = 8,
            LearningRate = 0.02,
            Regularization = 0.005,
        };
        var objectives = new Dictionary<int, double>();

        var codes = problem.Solve(
            options, step => tensor(expected.Batches[step], dtype: ScalarType.Int64), objectives.Add, CancellationToken.None);

        objectives.Keys.Should().Equal(100, 200, 300);
        foreach (var (step, objective) in objectives)
        {
            objective.Should().BeApproximately(expected.Objectives[step - 1], 2e-3 * expected.Objectives[step - 1], "in step {0}", step);
        }

        Near.Numbers(grid.Nearest).Select(code => (int)code).Should().Equal(expected.Nearest);
        Near.Numbers(codes).Select(code => (int)code).Should().Equal(expected.Codes);
        Near.Numbers(codes.ne(grid.Nearest).to(ScalarType.Float64)).Sum().Should().BeGreaterThan(10, "the fixture has something to learn");
        problem.Error(codes, 8).Should().BeLessThan(problem.Error(grid.Nearest, 8));
    }

    private sealed record Fixture(
        double[] X, double[] Seen, double[] Weight, double[] Bias, double Scale, long[][] Batches, double[] Objectives, int[] Codes,
        int[] Nearest);
}
