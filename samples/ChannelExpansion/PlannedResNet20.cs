using AdaQat.Search;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ChannelExpansion;

/// <summary>
/// ResNet-20 for 32×32 images that takes its channels from a plan: one number for what the blocks of a stage add up, and one for the
/// inside of each block. Where the shape changes, 1×1 convolutions carry the input: zeros in new channels could not be narrowed.
/// </summary>
public sealed class PlannedResNet20 : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Linear linear;

    /// <param name="channels">The plan.</param>
    /// <param name="usual">What the plan does not name; null for ResNet-20's own channels.</param>
    public PlannedResNet20(ChannelPlan channels, StageChannels? usual = null)
        : base(nameof(PlannedResNet20))
    {
        ArgumentNullException.ThrowIfNull(channels);
        usual ??= StageChannels.ResNet20;
        var first = channels["layer1", usual.First];
        conv1 = Conv2d(3, first, 3, padding: 1, bias: false);
        bn1 = BatchNorm2d(first);
        layer1 = Stage(channels, "layer1", first, usual.First, stride: 1);
        layer2 = Stage(channels, "layer2", first, usual.Second, stride: 2);
        layer3 = Stage(channels, "layer3", channels["layer2", usual.Second], usual.Third, stride: 2);
        linear = Linear(channels["layer3", usual.Third], 10);
        RegisterComponents();
        foreach (var convolution in this.modules().OfType<Conv2d>())
        {
            init.kaiming_normal_(convolution.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = functional.relu(bn1.call(conv1.call(input)));
        features = layer3.call(layer2.call(layer1.call(features)));
        return linear.call(features.mean([2, 3])).MoveToOuterDisposeScope();
    }

    private static Sequential Stage(ChannelPlan channels, string name, int input, int usual, long stride)
    {
        var output = channels[name, usual];
        return Sequential(Enumerable.Range(0, 3).Select(block => (
            FormattableString.Invariant($"{block}"),
            (Module<Tensor, Tensor>)new PlannedBlock(
                block == 0 ? input : output, channels[FormattableString.Invariant($"{name}.{block}.conv1"), usual], output,
                block == 0 ? stride : 1, changesShape: block == 0 && stride > 1))).ToList());
    }
}
