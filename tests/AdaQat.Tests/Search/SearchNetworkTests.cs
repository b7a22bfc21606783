using AdaQat.Quantizers;
using AdaQat.Search;
using AdaQat.Search.Networks;
using AdaQat.Search.Spaces;
using AdaQat.Tests.Support;
using FluentAssertions;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaQat.Tests.Search;

public sealed class SearchNetworkTests
{
    private static readonly int[][] Candidates = [[2, 5, 8], [3, 7, 12], [1, 4, 6], [4, 10]];

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(2, 0, 1, 1)]
    [InlineData(1, 2, 0, 0)]
    [InlineData(2, 2, 2, 1)]
    public void A_network_in_float_at_one_candidate_computes_what_the_derived_one_computes(int stem, int expand, int plain, int hidden)
    {
        using var scope = NewDisposeScope();
        var (space, network) = Network(scheme: null);
        int[] chosen = [stem, expand, plain, hidden];
        network.Choose(chosen);
        network.Model.eval();
        var input = randn(4, 3, 8, 8);
        using var guard = no_grad();
        var masked = network.Model.call(input);

        using var derived = space.Build(Channels(chosen));
        WeightSlices.Derive(network, chosen, derived);
        derived.eval();

        derived.call(input).allclose(masked, rtol: 1e-5, atol: 1e-5).Should().BeTrue();
        masked.std().item<float>().Should().BeGreaterThan(0.01f);
        network.Dispose();
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(2, 0, 1, 1)]
    public void A_quantized_network_at_one_candidate_has_the_codes_of_the_derived_one(int stem, int expand, int plain, int hidden)
    {
        using var scope = NewDisposeScope();
        var scheme = Scheme();
        var (space, network) = Network(scheme);
        int[] chosen = [stem, expand, plain, hidden];
        network.Choose(chosen);
        network.Model.eval();
        var input = randn(4, 3, 8, 8);
        using var guard = no_grad();
        var masked = network.Model.call(input);

        using var model = space.Build(Channels(chosen));
        using var derived = QuantizedModel.Attach(model, input, scheme);
        WeightSlices.Derive(network, chosen, model);
        model.eval();

        foreach (var (mine, theirs) in derived.Layers.Zip(network.Quantized!.Layers))
        {
            mine.QuantizedWeight().Equals(theirs.QuantizedWeight()).Should().BeTrue(mine.Name);
        }

        model.call(input).allclose(masked, rtol: 1e-5, atol: 1e-5).Should().BeTrue();
        network.Dispose();
    }

    private static QuantizationOptions Scheme() =>
        new() { WeightBits = BitWidthChoice.Fixed(2), ActivationBits = BitWidthChoice.Fixed(2) };

    private static int[] Channels(int[] chosen) => [.. Candidates.Zip(chosen, (candidates, choice) => candidates[choice])];

    /// <summary>Trained for a few steps at changing candidates, so that statistics and ranges are of all of them.</summary>
    private static (SearchSpace Space, SearchNetwork Network) Network(QuantizationOptions? scheme)
    {
        manual_seed(1);
        using var example = randn(2, 3, 8, 8);
        var space = SearchSpace.Of(new NetworkBuilder(channels => new ExpandableNetwork(channels)), example);
        var network = new SearchNetwork(space, Candidates, example, scheme);
        using var optimizer = optim.SGD(network.Weights().Select(w => w.Parameter), 0.05);
        for (var step = 0; step < 6; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var weights = tensor([0.3f, 0.7f]);
            network.Draw([.. Candidates.Select(c => new ChannelDraw(step % (c.Length - 1), c.Length - 1, weights))]);
            network.Model.call(randn(8, 3, 8, 8) + 0.5).square().mean().backward();
            optimizer.step();
        }

        return (space, network);
    }
}
