using AdaQat.Search;
using AdaQat.Search.Spaces;
using static TorchSharp.torch;
using static TorchSharp.torchvision;

namespace AdaQat.Tests.Search;

/// <summary>Which layers must agree, in models of TorchVision and in networks that cannot be narrowed.</summary>
public sealed class JoinedModelsTests
{
    [Fact]
    public void In_ResNet_18_of_TorchVision_the_sums_of_each_stage_are_one_set_and_the_classifier_is_the_output()
    {
        using var model = models.resnet18(num_classes: 10);
        using var example = randn(1, 3, 32, 32);

        var joins = new OutputJoins(ModelCapture.Sketch(model, example));

        Joined(joins).Should().Equal(
            "conv1 layer1.0.conv2 layer1.1.conv2", "layer2.0.conv2 layer2.0.downsample.0 layer2.1.conv2",
            "layer3.0.conv2 layer3.0.downsample.0 layer3.1.conv2", "layer4.0.conv2 layer4.0.downsample.0 layer4.1.conv2");
        joins.Unfit.Keys.Should().Equal("fc");
    }

    [Fact]
    public void In_MobileNetV2_of_TorchVision_each_depthwise_convolution_agrees_with_the_one_before_it()
    {
        using var model = models.mobilenet_v2(num_classes: 10);
        using var example = randn(1, 3, 32, 32);

        var sets = Joined(new OutputJoins(ModelCapture.Sketch(model, example)));

        var depthwise = model.named_modules().Where(m => m.module is TorchSharp.Modules.Convolution { groups: > 1 }).ToList();
        depthwise.Should().HaveCount(17).And.OnlyContain(m => sets.Any(set => set.Split(' ').Contains(m.name)));
    }

    [Fact]
    public void A_forward_that_relies_on_channels_it_noted_is_noticed_before_a_search_begins()
    {
        using var example = randn(1, 3, 8, 8);

        FluentActions.Invoking(() => new ChannelSearch(
                channels => new Noting(channels), example, (output, target) => nn.functional.cross_entropy(output, target)))
            .Should().Throw<ArgumentException>().WithMessage("*cannot compute with a part of its channels*noted when it was built*");
    }

    /// <summary>The union of what meets, as the search makes it.</summary>
    private static List<string> Joined(OutputJoins joins)
    {
        var sets = new List<List<string>>();
        foreach (var (layers, _) in joins.Sets)
        {
            var meeting = sets.Where(set => set.Intersect(layers).Any()).ToList();
            sets.RemoveAll(meeting.Contains);
            sets.Add([.. meeting.SelectMany(set => set).Union(layers).Order(StringComparer.Ordinal)]);
        }

        return [.. sets.Select(set => string.Join(' ', set))];
    }

    private sealed class Noting : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> conv;
        private readonly nn.Module<Tensor, Tensor> fc;
        private readonly int _channels;

        public Noting(ChannelPlan channels)
            : base(nameof(Noting))
        {
            _channels = channels["conv", 8];
            conv = nn.Conv2d(3, _channels, 3);
            fc = nn.Linear(_channels * 36, 10);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return fc.call(conv.call(input).relu().view(-1, _channels * 36)).MoveToOuterDisposeScope();
        }
    }
}
