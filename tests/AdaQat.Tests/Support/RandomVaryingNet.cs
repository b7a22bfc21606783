using AdaQat.Search;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>
/// A network for images of 3×8×8 that takes its widths from a plan and whose blocks follow from a seed: plain convolutions with batch
/// normalisation and without, residual, depthwise and grouped ones, pools, one layer between the features and ten classes or none.
/// </summary>
internal sealed class RandomVaryingNet : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> features;
    private readonly nn.Module<Tensor, Tensor> classifier;

    public RandomVaryingNet(int seed, ChannelPlan channels)
        : base(nameof(RandomVaryingNet))
    {
        var random = new Random(seed);
        var blocks = new List<nn.Module<Tensor, Tensor>>();
        var (usual, sum, side) = (4 * random.Next(1, 4), "stem", 8);
        long width = channels[sum, usual];
        blocks.Add(nn.Sequential(nn.Conv2d(3, width, 3, padding: 1, bias: false), nn.BatchNorm2d(width), nn.ReLU()));
        for (var (place, count) = (0, random.Next(1, 5)); place < count; place++)
        {
            var name = FormattableString.Invariant($"block{place}");
            switch (random.Next(6))
            {
                case 0:
                    blocks.Add(new Residual(channels, name, sum, usual, inner: 4 * random.Next(1, 4)));
                    break;
                case 1:
                    blocks.Add(nn.Sequential(
                        nn.Conv2d(width, width, 3, stride: 1, padding: 1, groups: width, bias: false), nn.BatchNorm2d(width), nn.ReLU6()));
                    break;
                case 2 when side > 2:
                    side /= 2;
                    blocks.Add(nn.MaxPool2d(2));
                    break;
                default:
                    var (input, groups, isBare) = (width, random.Next(1, 3), random.Next(2) == 0);
                    (usual, sum) = (4 * random.Next(1, 4), name);
                    width = channels[sum, usual];
                    var convolution = nn.Conv2d(input, width, 3, stride: 1, padding: 1, groups: groups, bias: isBare);
                    blocks.Add(isBare
                        ? nn.Sequential(convolution, nn.ReLU())
                        : nn.Sequential(convolution, nn.BatchNorm2d(width), nn.Hardswish()));
                    break;
            }
        }

        features = nn.Sequential(blocks);
        var flat = width * side * side;
        classifier = random.Next(2) == 0
            ? nn.Linear(flat, 10)
            : nn.Sequential(nn.Linear(flat, channels["hidden", 12]), nn.ReLU(), nn.Linear(channels["hidden", 12], 10));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return classifier.call(features.call(input).flatten(1)).MoveToOuterDisposeScope();
    }

    private sealed class Residual : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> branch;

        /// <param name="channels">The plan.</param>
        /// <param name="name">The block's.</param>
        /// <param name="sum">The name whose channels come in.</param>
        /// <param name="usual">How many those are by default.</param>
        /// <param name="inner">How many the block has inside by default.</param>
        public Residual(ChannelPlan channels, string name, string sum, int usual, int inner)
            : base(nameof(Residual))
        {
            var (outer, narrow, back) = (channels[sum, usual], channels[$"{name}.inner", inner], channels[$"{name}.outer", usual]);
            branch = nn.Sequential(
                nn.Conv2d(outer, narrow, 1, bias: false), nn.BatchNorm2d(narrow), nn.ReLU(),
                nn.Conv2d(narrow, back, 3, padding: 1, bias: false), nn.BatchNorm2d(back));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return branch.call(input).add_(input).relu().MoveToOuterDisposeScope();
        }
    }
}
