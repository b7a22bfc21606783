using AdaQat.Search;
using AdaQat.Search.Networks;
using AdaQat.Search.Spaces;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Search;

/// <summary>Two candidates put together, against the formula by PyTorch's operators.</summary>
public sealed class ChannelMixingTests
{
    private const int Narrow = 3;
    private const int Wide = 7;

    [Theory]
    [InlineData(ChannelMixing.Interpolate, true)]
    [InlineData(ChannelMixing.Interpolate, false)]
    [InlineData(ChannelMixing.Align, true)]
    [InlineData(ChannelMixing.Align, false)]
    public void A_mixture_is_the_weighted_sum_of_both_normalised_candidates_the_narrower_one_widened(ChannelMixing mixing, bool isTraining)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var input = randn(4, 2, 5, 5);
        var space = SearchSpace.Of(new NetworkBuilder(channels => new NormalizedNetwork(channels)), input);
        using var network = new SearchNetwork(space, [[Narrow, Wide]], input, scheme: null, mixing);
        var model = (NormalizedNetwork)network.Model;
        var narrow = network.NarrowerNorms["norm"][0];
        using (no_grad())
        {
            new[] { model.norm.weight!, model.norm.bias!, narrow.Weight!, narrow.Bias! }.ToList().ForEach(p => p.copy_(randn_like(p)));
            new[] { model.norm.running_mean!, narrow.Mean! }.ToList().ForEach(m => m.copy_(randn_like(m)));
        }

        model.train(isTraining);
        var weights = tensor([0.3f, 0.7f]).requires_grad_();
        var outside = randn(4, 10);
        var leaves = new List<Tensor> { weights, model.convolution.weight!, model.norm.weight!, narrow.Weight!, narrow.Bias! };

        // Before the call under test: in training it moves the running statistics.
        var expected = Expected();
        network.Draw([new ChannelDraw(0, 1, weights)]);
        var output = model.call(input);

        output.allclose(expected, 1e-4, 1e-5).Should().BeTrue();
        var plain = Gradients(expected);
        Gradients(output).Zip(plain).Should().OnlyContain(g => g.First.allclose(g.Second, 1e-3, 1e-4, false));

        Tensor Expected()
        {
            var features = nn.functional.conv2d(input, model.convolution.weight!, model.convolution.bias);
            var few = Normalized(features.narrow(1, 0, Narrow), narrow.Mean!, narrow.Variance!, narrow.Weight!, narrow.Bias!);
            var all = Normalized(features, model.norm.running_mean!, model.norm.running_var!, model.norm.weight!, model.norm.bias!);
            var widened = mixing == ChannelMixing.Align
                ? cat([few, zeros(4, Wide - Narrow, 5, 5)], 1)
                : nn.functional.adaptive_avg_pool2d(few.flatten(2).unsqueeze(1), [Wide, 25]).reshape(4, Wide, 5, 5);
            var mixed = (weights[0] * widened) + (weights[1] * all);
            return nn.functional.linear(mixed.relu().mean([2, 3]), model.head.weight!, model.head.bias);
        }

        Tensor Normalized(Tensor values, Tensor mean, Tensor variance, Tensor weight, Tensor bias) =>
            nn.functional.batch_norm(values, mean.clone(), variance.clone(), weight, bias, isTraining, 0.1, 1e-5);

        List<Tensor> Gradients(Tensor of)
        {
            (of * outside).sum().backward();
            var gradients = leaves.ConvertAll(leaf => leaf.grad!.clone());
            leaves.ForEach(leaf => leaf.grad = null);
            return gradients;
        }
    }

    [Fact]
    public void A_mixing_that_is_none_is_refused_by_name() =>
        FluentActions.Invoking(() => new ChannelSearchOptions { Mixing = (ChannelMixing)2 }.Validate())
            .Should().Throw<ArgumentException>().WithMessage("Mixing is 2; allowed are Interpolate, Align.*");

    private sealed class NormalizedNetwork : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d convolution;
        public readonly BatchNorm2d norm;
        public readonly Linear head;

        public NormalizedNetwork(ChannelPlan channels)
            : base(nameof(NormalizedNetwork))
        {
            var body = channels["body", Wide];
            (convolution, norm, head) = (nn.Conv2d(2, body, 1), nn.BatchNorm2d(body), nn.Linear(body, 10));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return head.call(norm.call(convolution.call(input)).relu().mean([2, 3])).MoveToOuterDisposeScope();
        }
    }
}
