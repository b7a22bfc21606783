using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>
/// A residual network for images of 3×8×8 whose blocks follow from a seed: carried inputs as they are, padded with channels of zeros, or
/// through a convolution; sums of two or three operands, with ReLU behind them or without; ten classes.
/// </summary>
internal sealed class RandomResNet : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> stem;
    private readonly nn.Module<Tensor, Tensor> blocks;
    private readonly nn.Module<Tensor, Tensor> fc;

    public RandomResNet(int seed)
        : base(nameof(RandomResNet))
    {
        var random = new Random(seed);
        long channels = random.Next(2, 9);
        stem = nn.Sequential(nn.Conv2d(3, channels, 3, padding: 1, bias: false), nn.BatchNorm2d(channels), nn.ReLU());
        var made = new List<nn.Module<Tensor, Tensor>>();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var kind = (Carrying)random.Next(3);
            var wider = kind == Carrying.AsItIs ? channels : channels + random.Next(0, 5);
            made.Add(new Block(channels, wider, kind, hasRelu: random.Next(2) == 0, isTriple: random.Next(3) == 0));
            channels = wider;
        }

        blocks = nn.Sequential(made);
        fc = nn.Linear(channels, 10);
        RegisterComponents();
    }

    private enum Carrying
    {
        AsItIs,
        Padded,
        Projected,
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return fc.call(blocks.call(stem.call(input)).mean([2, 3])).MoveToOuterDisposeScope();
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> first;
        private readonly nn.Module<Tensor, Tensor> second;
        private readonly nn.Module<Tensor, Tensor>? third;
        private readonly nn.Module<Tensor, Tensor>? shortcut;
        private readonly long _added;
        private readonly bool _hasRelu;

        public Block(long input, long output, Carrying kind, bool hasRelu, bool isTriple)
            : base(nameof(Block))
        {
            _hasRelu = hasRelu;
            _added = output - input;
            first = nn.Sequential(nn.Conv2d(input, output, 3, padding: 1, bias: false), nn.BatchNorm2d(output), nn.ReLU6());
            second = nn.Sequential(nn.Conv2d(output, output, 3, padding: 1, bias: false), nn.BatchNorm2d(output));
            third = isTriple ? nn.Sequential(nn.Conv2d(output, output, 1, bias: true)) : null;
            shortcut = kind == Carrying.Projected ? nn.Sequential(nn.Conv2d(input, output, 1, bias: false), nn.BatchNorm2d(output)) : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var inner = first.call(input);
            var sum = second.call(inner).add_(shortcut?.call(input) ?? nn.functional.pad(input, [0, 0, 0, 0, 0, _added]));
            sum = third is null ? sum : sum - third.call(inner);
            return (_hasRelu ? sum.relu() : sum).MoveToOuterDisposeScope();
        }
    }
}
