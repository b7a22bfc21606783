using AdaQat.Search;
using AdaQat.Search.Costs;
using AdaQat.Search.Networks;
using AdaQat.Search.Sampling;
using AdaQat.Search.Searching;
using AdaQat.Search.Spaces;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Search;

/// <summary>Each formula of the search against the plain one.</summary>
public sealed class FormulaTests
{
    [Fact]
    public void Channels_are_widened_by_adaptive_average_pooling_along_them_or_aligned_by_zeros_behind()
    {
        using var scope = NewDisposeScope();
        for (var from = 1; from <= 12; from++)
        {
            for (var to = from; to <= 24; to++)
            {
                var input = randn(2, from, 3, 2);
                var expected = nn.functional.adaptive_avg_pool2d(input.flatten(2).unsqueeze(1), [to, 6]).reshape(2, to, 3, 2);

                ChannelWindows.Of(from, to, ChannelMixing.Interpolate).Widen(input, 1).allclose(expected, rtol: 1e-6, atol: 1e-6)
                    .Should().BeTrue($"{from} to {to}");
                ChannelWindows.Of(from, to, ChannelMixing.Align).Widen(input, 1)
                    .equal(nn.functional.pad(input, [0, 0, 0, 0, 0, to - from])).all().item<bool>().Should().BeTrue($"{from} to {to}");
            }
        }
    }

    [Theory]
    [InlineData(3, 7, 5, ChannelMixing.Interpolate)]
    [InlineData(8, 8, 16, ChannelMixing.Interpolate)]
    [InlineData(2, 16, 1, ChannelMixing.Interpolate)]
    [InlineData(3, 7, 5, ChannelMixing.Align)]
    public void The_kernel_that_combines_two_candidates_is_the_formula_by_operators_with_its_gradients(
        int narrow, int wide, int side, ChannelMixing mixing)
    {
        using var scope = NewDisposeScope();
        var windows = ChannelWindows.Of(narrow, wide, mixing);
        // Means far from zero, as biases give: what is left of them after the normalisation would show.
        var input = (randn(3, wide, side, side) + (10 * randn(1, wide, 1, 1))).requires_grad_();
        var numbers = Enumerable.Range(0, 4).Select(_ => randn(wide).requires_grad_()).ToArray();
        var mixed = new MixedNumbers(numbers[0], numbers[1], numbers[2], numbers[3]);
        var weights = randn(3, wide, side, side);
        var leaves = numbers.Prepend(input).ToList();
        var faults = new BackwardFaults();
        List<Tensor> Gradients(Tensor output)
        {
            (output * weights).sum().backward();
            var gradients = leaves.ConvertAll(leaf => leaf.grad!.clone());
            leaves.ForEach(leaf => leaf.grad = null);
            return gradients;
        }

        var plain = ChannelCombination.ByOperators(input, mixed, windows, 1e-5);
        var (fused, mean, variance) = ChannelCombination.Of(input, mixed, windows, 1e-5, faults);

        CombinationKernel.Serves(input).Should().BeTrue();
        fused.allclose(plain, rtol: 1e-4, atol: 1e-4).Should().BeTrue();
        mean.allclose(input.mean([0, 2, 3]), 1e-5, 1e-6).Should().BeTrue();
        variance.allclose(input.var([0, 2, 3], unbiased: true), 1e-4, 1e-6).Should().BeTrue();
        Gradients(fused).Zip(Gradients(plain)).Should().OnlyContain(g => g.First.allclose(g.Second, 1e-3, 1e-3, false));
        faults.Raise();
    }

    [Fact]
    public void The_expected_cost_and_its_derivative_are_those_of_the_plain_sum()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (new SizeRule("a", 16, 8), new SizeRule("b", 5, 5));
        int[][] candidates = [[4, 6, 8], [1, 5]];
        CostTerm[] terms = [new(3, [(0, a), (1, b)]), new(7, [(0, a), (0, a)]), new(11, [])];
        var (p, q) = (rand(3, dtype: ScalarType.Float64), rand(2, dtype: ScalarType.Float64));
        p.requires_grad = q.requires_grad = true;
        var (sizesOfA, sizesOfB) = (tensor([8.0, 12, 16]), tensor([1.0, 5]));
        var plain = (3 * (p * sizesOfA).sum() * (q * sizesOfB).sum()) + (7 * (p * sizesOfA * sizesOfA).sum()) + 11;
        plain.backward();

        var (value, gradient) = new ExpectedCost(terms, candidates).At(
            [p.detach().data<double>().ToArray(), q.detach().data<double>().ToArray()]);

        value.Should().BeApproximately(plain.item<double>(), 1e-9);
        gradient[0].Should().Equal(p.grad!.data<double>().ToArray(), (x, y) => Math.Abs(x - y) < 1e-9);
        gradient[1].Should().Equal(q.grad!.data<double>().ToArray(), (x, y) => Math.Abs(x - y) < 1e-9);
    }

    [Fact]
    public void The_expected_cost_of_certain_candidates_is_the_cost_of_their_network()
    {
        using var scope = NewDisposeScope();
        var space = SearchSpace.Of(new NetworkBuilder(channels => new ExpandableNetwork(channels)), randn(1, 3, 8, 8));
        int[][] candidates = [[2, 5, 8], [3, 7, 12], [1, 4, 6], [4, 10]];
        int[] chosen = [1, 0, 2, 0];
        var certain = candidates.Zip(chosen, (c, choice) => c.Select((_, place) => place == choice ? 1.0 : 0).ToArray()).ToList();
        using var model = space.Build([.. candidates.Zip(chosen, (c, choice) => c[choice])]);

        new ExpectedCost(space.Costs.Parameters, candidates).At(certain).Value.Should().Be(model.parameters().Sum(p => p.numel()));
        new ExpectedCost(space.Costs.Macs, candidates).At(certain).Value.Should().Be(
            (64 * ((3 * 5 * 9) + (5 * 3) + (3 * 9) + (3 * 5))) + (16 * 5 * 6 * 9) + (96 * 4) + (4 * 10));
    }

    [Theory]
    [InlineData(90, 100, -1)]
    [InlineData(96, 100, 0)]
    [InlineData(101, 100, 1)]
    public void The_pressure_is_on_the_logarithm_of_the_expected_cost_outside_five_per_cent_below_the_target(
        int cost, int target, double direction)
    {
        var expected = new ExpectedCost([new CostTerm(1, [(0, new SizeRule("a", 1, 1))])], [[cost, 2 * cost]]);

        var (loss, gradient) = new CostPressure(expected, target).At([[0.5, 0.5]], [0]);

        loss.Should().BeApproximately(direction * Math.Log(1.5 * cost), 1e-12);
        gradient[0][1].Should().BeApproximately(direction * 2 * cost / (1.5 * cost), 1e-12);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(100, -1)]
    public void A_cost_adds_to_the_gradient_of_alpha_that_of_log_E_by_autograd_at_its_share_of_the_norm(int target, int direction)
    {
        using var scope = NewDisposeScope();
        int[][] candidates = [[4, 6, 8], [1, 5]];
        CostTerm[] terms = [new(3, [(0, new SizeRule("a", 16, 8)), (1, new SizeRule("b", 5, 5))])];
        var alphas = new[] { new Parameter(rand(3, dtype: ScalarType.Float64)), new Parameter(rand(2, dtype: ScalarType.Float64)) };
        var task = alphas.Select(alpha => rand_like(alpha)).ToList();
        alphas.Zip(task).ToList().ForEach(a => a.First.grad = a.Second.clone());
        var copies = alphas.Select(alpha => alpha.detach().clone().requires_grad_()).ToList();
        var expected = 3 * (copies[0].softmax(0) * tensor([8.0, 12, 16])).sum() * (copies[1].softmax(0) * tensor([1.0, 5])).sum();
        (direction * expected.log()).backward();

        CostGradient.AddTo(alphas, [0, 0], (new ExpectedCost(terms, candidates), target, 0.5));

        var added = cat([.. alphas.Zip(task).Select(a => a.First.grad! - a.Second)], 0);
        var wanted = cat([.. copies.Select(copy => copy.grad!)], 0);
        added.norm().item<double>().Should().BeApproximately(0.5 * cat([.. task], 0).norm().item<double>(), 1e-12);
        (added / added.norm()).allclose(wanted / wanted.norm(), 1e-9, 1e-12).Should().BeTrue();
    }

    [Fact]
    public void Two_candidates_are_drawn_by_their_probabilities_and_weighted_by_their_perturbed_logits()
    {
        using var alpha = new Parameter(tensor([0.0, Math.Log(2), Math.Log(5)]));
        var sampler = new PairSampler(seed: 1);
        var drawn = new int[3];
        for (var step = 0; step < 3000; step++)
        {
            using var scope = NewDisposeScope();
            var draw = sampler.Draw(alpha, temperature: 1e-3, step, phase: 0, group: 0);
            draw.Low.Should().BeLessThan(draw.High);
            var weights = draw.Weights!.data<float>().ToArray();
            (weights[0] + weights[1]).Should().BeApproximately(1, 1e-6f);
            drawn[weights[0] > 0.5 ? draw.Low : draw.High]++;
        }

        // At a low temperature the heavier of the two is the Gumbel maximum: softmax(α) itself.
        drawn.Select(count => count / 3000.0).Should().Equal([1 / 8.0, 2 / 8.0, 5 / 8.0], (x, y) => Math.Abs(x - y) < 0.03);
    }
}
