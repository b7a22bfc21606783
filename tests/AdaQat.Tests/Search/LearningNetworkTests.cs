using AdaQat.Quantizers;
using AdaQat.Search;
using AdaQat.Search.Networks;
using AdaQat.Search.Searching;
using AdaQat.Search.Spaces;
using AdaQat.Tests.Support;
using AdaQat.Training;
using FluentAssertions;
using FsCheck.Fluent;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaQat.Tests.Search;

/// <summary>The network of a search over networks of many kinds: narrowed, mixed, learned, grown and derived.</summary>
public sealed class LearningNetworkTests
{
    private static readonly QuantizationOptions TwoBits =
        new() { WeightBits = BitWidthChoice.Fixed(2), ActivationBits = BitWidthChoice.Fixed(2) };

    [Fact]
    public void In_any_network_one_candidate_computes_what_the_builders_own_network_of_that_size_computes() => Arbitrary.ForAll(
        Gen.Choose(0, int.MaxValue - 1), seed => ForNetwork(seed, (learning, space, random) =>
        {
            int[] chosen = [.. learning.Candidates.Select(candidates => random.Next(candidates.Count))];
            var input = randn(4, 3, 8, 8);
            learning.Network.Model.eval();
            learning.Network.Choose(chosen);
            using var guard = no_grad();
            var masked = learning.Network.Model.call(input);

            using var model = space.Build([.. learning.Candidates.Zip(chosen, (candidates, choice) => candidates[choice])]);
            using var quantized = learning.Network.Quantized is null ? null : QuantizedModel.Attach(model, input, TwoBits);
            WeightSlices.Derive(learning.Network, chosen, model);
            model.eval();

            foreach (var layer in quantized?.Layers ?? [])
            {
                var searched = learning.Network.Quantized!.Layers.Single(l => l.Name == layer.Name);
                layer.QuantizedWeight().Equals(searched.QuantizedWeight()).Should().BeTrue(layer.Name);
            }

            model.call(input).allclose(masked, rtol: 1e-5, atol: 1e-5 * (1 + masked.abs().max().item<float>())).Should().BeTrue();
        }));

    [Fact]
    public void A_network_that_has_grown_computes_at_its_old_candidates_what_it_computed_and_learns_on_from_there() => Arbitrary.ForAll(
        Gen.Choose(0, int.MaxValue - 1), seed => ForNetwork(seed, (learning, space, random) =>
        {
            var growing = space.Groups.Where(_ => random.Next(2) == 0).ToDictionary(g => g.Name, g => 2 * g.Default);
            int[] chosen = [.. learning.Candidates.Select(candidates => random.Next(candidates.Count))];
            var input = randn(4, 3, 8, 8);

            using var grown = learning.Grown(growing);

            Output(grown, chosen, input).Equals(Output(learning, chosen, input)).Should().BeTrue();
            foreach (var ((group, before), after) in space.Groups.Zip(learning.Readings()).Zip(grown.Readings()))
            {
                int[] more = growing.ContainsKey(group.Name) ? [2 * group.Default] : [];
                after.Candidates.Should().Equal(before.Candidates.Concat(more));
            }

            foreach (var (before, after) in learning.Network.Alphas.Zip(grown.Network.Alphas))
            {
                var (old, all) = (before.data<double>().ToArray(), after.data<double>().ToArray());
                all.Take(old.Length).Should().Equal(old);
            }

            var stepper = Stepper();
            stepper.StepOfWeights(grown, Data(random), 5, 10);
            stepper.StepOfChannels(grown, Data(random), 5, 10);
        }));

    [Fact]
    public void A_loss_that_is_not_finite_moves_neither_weights_nor_alpha_and_is_named() => ForNetwork(3, (learning, _, random) =>
    {
        var stepper = new SearchStepper((output, _) => output.sum().mul(float.NaN), new ChannelSearchOptions());
        List<Tensor> State() => [.. learning.Network.parameters().Select(p => p.detach().clone())];
        var before = State();

        FluentActions.Invoking(() => stepper.StepOfWeights(learning, Data(random), 6, 10)).Should().Throw<NonFiniteLossException>()
            .WithMessage("The loss of the weights is NaN in step 7*");
        FluentActions.Invoking(() => stepper.StepOfChannels(learning, Data(random), 6, 10)).Should().Throw<NonFiniteLossException>()
            .WithMessage("The loss of the channels is NaN in step 7*");

        before.Zip(State()).Should().OnlyContain(p => p.First.Equals(p.Second));
        learning.Network.Weights().Should().Contain(w => w.Parameter.requires_grad);
    });

    [Fact]
    public void A_gradient_of_alpha_that_is_not_finite_moves_no_alpha_and_is_named() => ForNetwork(3, (learning, _, random) =>
    {
        // The root has no slope at 0.
        var stepper = new SearchStepper((output, _) => output.sum() + (output * 0).sqrt().sum(), new ChannelSearchOptions());
        var before = learning.Readings().SelectMany(reading => reading.Alphas).ToList();

        FluentActions.Invoking(() => stepper.StepOfChannels(learning, Data(random), 6, 10)).Should().Throw<NonFiniteLossException>()
            .WithMessage("The gradient of α is not finite in step 7*");

        learning.Readings().SelectMany(reading => reading.Alphas).Should().Equal(before).And.NotContain(0);
        learning.Network.Weights().Should().Contain(w => w.Parameter.requires_grad);
    });

    [Fact]
    public void What_a_search_makes_of_a_network_is_disposed_with_it() => LiveTensors.LeftBy(() =>
        ForNetwork(11, (learning, space, _) =>
        {
            using var grown = learning.Grown(space.Groups.ToDictionary(g => g.Name, g => 2 * g.Default));
            using var derived = grown.Derived(ChannelPlan.Default, withSearchedWeights: true);
        })).Should().BeLessThanOrEqualTo(0);

    /// <summary>A random network after four steps of a search, every second one quantized.</summary>
    private static void ForNetwork(int seed, Action<LearningNetwork, SearchSpace, Random> act)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        var random = new Random(seed);
        var example = randn(2, 3, 8, 8);
        var space = SearchSpace.Of(new NetworkBuilder(channels => new RandomVaryingNet(seed, channels)), example);
        var options = new ChannelSearchOptions
        {
            Scheme = seed % 2 == 0 ? TwoBits : null,
            LearningRate = 0.02,
            NewAlpha = (NewAlpha)(seed / 2 % 2),
            NewChannels = (NewChannels)(seed / 4 % 3),
        };
        using var learning = new LearningNetwork(space, [.. space.Groups.Select(group => Candidates(group, random))], example, options);
        learning.BeginAlphas();
        var stepper = Stepper();
        for (var step = 0; step < 4; step++)
        {
            stepper.StepOfWeights(learning, Data(random), step, 10);
            if (learning.Chooses)
            {
                stepper.StepOfChannels(learning, Data(random), step, 10);
            }
        }

        act(learning, space, random);
    }

    private static IReadOnlyList<int> Candidates(ChannelGroup group, Random random) =>
        [.. Enumerable.Range(0, 3).Select(_ => group.Nearest(random.Next(1, group.Default + 1))).Append(group.Default).Distinct().Order()];

    private static Tensor Output(LearningNetwork learning, int[] chosen, Tensor input)
    {
        using var guard = no_grad();
        learning.Network.Model.eval();
        learning.Network.Choose(chosen);
        var output = learning.Network.Model.call(input);
        learning.Network.Model.train();
        return output;
    }

    private static SearchStepper Stepper() => new(
        (output, target) => nn.functional.cross_entropy(output, target), new ChannelSearchOptions { LearningRate = 0.02 });

    private static Batch Data(Random random) =>
        new(randn(6, 3, 8, 8) + 0.3, tensor(Enumerable.Range(0, 6).Select(_ => random.NextInt64(10)).ToArray()));
}
