using System.Globalization;
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
    public void In_ResNet_50_of_TorchVision_only_the_last_convolutions_of_the_blocks_are_added()
    {
        using var model = models.resnet50(num_classes: 10);
        using var example = randn(1, 3, 32, 32);

        var sets = Joined(new OutputJoins(ModelCapture.Sketch(model, example)));

        sets.Should().Equal(new[] { 3, 4, 6, 3 }.Select((blocks, stage) => string.Join(' ', Enumerable.Range(0, blocks)
            .Select(block => $"layer{stage + 1}.{block}.conv3").Append($"layer{stage + 1}.0.downsample.0")
            .Order(StringComparer.Ordinal))));
    }

    [Fact]
    public void In_MobileNetV3_of_TorchVision_what_squeeze_and_excitation_multiplies_has_the_depthwise_convolution_s_channels()
    {
        using var model = models.mobilenet_v3_small();
        using var example = randn(1, 3, 64, 64);

        var sets = Joined(new OutputJoins(ModelCapture.Sketch(model, example)));

        var excitations = model.named_modules().Select(m => m.name).Where(name => name.EndsWith(".fc2", StringComparison.Ordinal)).ToList();
        excitations.Should().HaveCount(9);
        foreach (var excitation in excitations)
        {
            // Blocks are features.N.block; the depthwise convolution is just before the squeeze.
            var block = excitation[..(excitation.IndexOf(".block.", StringComparison.Ordinal) + ".block.".Length)];
            var place = int.Parse(excitation[block.Length..].Split('.')[0], CultureInfo.InvariantCulture);
            sets.Should().Contain(set => set.Split(' ').Contains(excitation) && set.Split(' ').Contains($"{block}{place - 1}.0"));
        }
    }

    [Fact]
    public void In_VGG_11_of_TorchVision_nothing_meets()
    {
        using var model = models.vgg11_bn(num_classes: 10);
        using var example = randn(1, 3, 32, 32);

        var joins = new OutputJoins(ModelCapture.Sketch(model, example));

        Joined(joins).Should().BeEmpty();
        joins.Unfit.Keys.Should().Equal("classifier.6");
    }

    [Fact]
    public void In_GoogLeNet_of_TorchVision_the_ends_of_all_branches_are_put_beside_each_other_and_stay()
    {
        using var model = models.googlenet(num_classes: 10);
        using var example = randn(1, 3, 64, 64);
        model.eval();

        var joins = new OutputJoins(ModelCapture.Sketch(model, example));

        Joined(joins).Should().BeEmpty();
        string[] ends = ["branch1.conv", "branch2.1.conv", "branch3.1.conv", "branch4.1.conv"];
        joins.Unfit.Keys.Should().BeEquivalentTo(
            new[] { "3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b" }
                .SelectMany(block => ends.Select(end => $"inception{block}.{end}")).Append("fc"));
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
