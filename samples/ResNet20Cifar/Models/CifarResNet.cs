using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ResNet20Cifar.Models;

/// <summary>
/// The residual network for 32×32 images of He et al. ("Deep residual learning for image recognition", 2015, section 4.2): a 3×3
/// convolution, three stages of n blocks with 16, 32 and 64 channels, global average pooling and a linear layer; depth 6n + 2.
/// </summary>
public class CifarResNet : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Linear linear;

    /// <param name="depth">20, 32, 44, 56, 110 … : six times the blocks of a stage, and two.</param>
    /// <param name="shortcut">What carries a block's input where the shape changes.</param>
    /// <param name="classes">The number of outputs.</param>
    public CifarResNet(int depth, Shortcut shortcut = Shortcut.ZeroPadding, int classes = 10)
        : base(nameof(CifarResNet))
    {
        if (depth < 8 || (depth - 2) % 6 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(depth), depth, "The depth must be 6n + 2 with n of at least 1: 8, 14, 20, 26, 32, …");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        var blocks = (depth - 2) / 6;
        conv1 = Conv2d(3, 16, 3, stride: 1, padding: 1, bias: false);
        bn1 = BatchNorm2d(16);
        layer1 = Stage(blocks, 16, 16, 1, shortcut);
        layer2 = Stage(blocks, 16, 32, 2, shortcut);
        layer3 = Stage(blocks, 32, 64, 2, shortcut);
        linear = Linear(64, classes);
        RegisterComponents();
        Initialize(this);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = functional.relu(bn1.call(conv1.call(input)), inplace: true);
        features = layer3.call(layer2.call(layer1.call(features)));
        return linear.call(features.mean(new long[] { 2, 3 })).MoveToOuterDisposeScope();
    }

    private static Sequential Stage(int blocks, long inputChannels, long outputChannels, long stride, Shortcut shortcut)
    {
        var stage = new List<(string, Module<Tensor, Tensor>)>();
        for (var index = 0; index < blocks; index++)
        {
            var first = index == 0;
            stage.Add(($"{index}", new BasicBlock(first ? inputChannels : outputChannels, outputChannels, first ? stride : 1, shortcut)));
        }

        return Sequential(stage);
    }

    /// <summary>He initialisation over the fan-out, so that the backward signal keeps its variance from layer to layer.</summary>
    private static void Initialize(Module network)
    {
        foreach (var module in network.modules())
        {
            if (module is Conv2d convolution)
            {
                init.kaiming_normal_(convolution.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            conv1.Dispose();
            bn1.Dispose();
            layer1.Dispose();
            layer2.Dispose();
            layer3.Dispose();
            linear.Dispose();
        }

        base.Dispose(disposing);
    }
}
