using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Benchmarks.Integers;

/// <summary>
/// An integer model of ResNet-20's shape for images of 32 × 32, with weights at random: what it computes means nothing, how long it takes
/// does. Rules spread sums over all codes. Residual sums are fixed-point numbers of 32 bits, or codes that are added.
/// </summary>
internal sealed class IntegerResNet20
{
    private readonly Random _random = new(20);
    private readonly List<IntegerNode> _nodes = [];
    private readonly int _weightBits;
    private readonly Codes _codes;
    private readonly bool _stream;

    private IntegerResNet20(int weightBits, int activationBits, bool stream)
    {
        (_weightBits, _codes, _stream) = (weightBits, new((1 << activationBits) - 1), stream);
    }

    /// <summary>A model.</summary>
    /// <param name="weightBits">Bits of weights of the inner layers; the first and the last have 8.</param>
    /// <param name="activationBits">Bits of activations.</param>
    /// <param name="stream">Whether residual sums are fixed-point numbers; else they are codes.</param>
    public static IntegerModel Make(int weightBits, int activationBits, bool stream) =>
        new IntegerResNet20(weightBits, activationBits, stream).Model();

    private IntegerModel Model()
    {
        var image = Add(new InputNode("image", [32, 32, 3], new Codes(255)));
        int[] table = [.. Enumerable.Range(0, 3 * 256).Select(i => i % 256)];
        var pixels = Add(new LookupNode("pixels", image, new Codes(255, 1, -128), table));
        var (x, join) = Out(Convolution("conv1", pixels, 16, 1, 8), "conv1");
        foreach (var (stage, channels) in ((int, int)[])[(1, 16), (2, 32), (3, 64)])
        {
            for (var block = 0; block < 3; block++)
            {
                (x, join) = Block($"layer{stage}.{block}", x, join, channels, stage > 1 && block == 0 ? 2 : 1);
            }
        }

        var pool = Add(new SumPoolNode("pool", x, new SlidingWindow([8, 8], [1, 1], [0, 0])));
        var features = Codes("features", pool, new Codes(255));
        var flat = Add(new ReshapeNode("flatten", features, [64]));
        var fc = Add(new LinearNode("fc", flat, Weights([10, 64], 8)));
        var logits = Add(new DequantizeNode("logits", fc, [0.001], [0]));
        Add(new OutputNode("output", logits));
        return new([.. _nodes]);
    }

    private (IntegerNode Codes, IntegerNode Join) Block(string name, IntegerNode x, IntegerNode join, int channels, int stride)
    {
        var inner = Codes($"{name}.codes1", Convolution($"{name}.conv1", x, channels, stride, _weightBits), _codes);
        var sums = Convolution($"{name}.conv2", inner, channels, 1, _weightBits);
        if (stride > 1)
        {
            var half = Add(new SliceNode($"{name}.rows", join, 0, 0, join.Shape[0] / 2, 2));
            half = Add(new SliceNode($"{name}.columns", half, 1, 0, join.Shape[1] / 2, 2));
            join = Add(new PadNode($"{name}.pad", half, [0, 0, channels / 4], [0, 0, channels / 4], 0));
        }

        if (_stream)
        {
            var scaled = Add(new RescaleNode($"{name}.scaled", sums, Scales(sums, 1 << 20), -(1 << 24), 1 << 24));
            return Out(Add(new AddNode($"{name}.add", [scaled, join], [1, 1])), name);
        }

        var branch = Codes($"{name}.codes2", sums, new Codes(_codes.MaxCode, 1, -_codes.MaxCode / 2));
        return Out(Add(new AddNode($"{name}.add", [branch, join], [1, 1])), name);
    }

    /// <summary>ReLU, and what the next layers read: codes, and where there is a stream the stream too.</summary>
    private (IntegerNode Codes, IntegerNode Join) Out(IntegerNode sums, string name)
    {
        if (!_stream)
        {
            var codes = Codes($"{name}.out", sums, _codes);
            return (codes, codes);
        }

        var relu = Add(new RescaleNode($"{name}.relu", sums, sums is AddNode ? [new(1, 0, 0)] : Scales(sums, 1 << 20), 0, 1 << 24));
        return (Codes($"{name}.out", relu, _codes), relu);
    }

    private IntegerNode Convolution(string name, IntegerNode x, int channels, int stride, int bits) =>
        Add(new ConvolutionNode(name, x, Weights([channels, 3, 3, x.Shape[2]], bits), new([3, 3], [stride, stride], [1, 1])));

    private IntegerNode Codes(string name, IntegerNode sums, Codes type) => Add(new RequantizeNode(
        name, sums, [.. Scales(sums, type.MaxCode)], type));

    /// <summary>DoReFa's grid: odd numbers.</summary>
    private IntegerWeights Weights(Shape shape, int bits) => new(
        shape, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (byte)_random.Next(1 << bits))], bits, 2, [1 - (1 << bits)]);

    /// <summary>A rule a channel that spreads the middle of the range over so many steps.</summary>
    private EquatableList<Rescale> Scales(IntegerNode sums, int steps)
    {
        var range = (sums.Type.MaxInteger - sums.Type.MinInteger) / 8.0;
        return [.. Enumerable.Range(0, (int)sums.Shape[sums.Shape.Rank - 1]).Select(_ =>
        {
            var slope = steps / range * (0.8 + (0.4 * _random.NextDouble()));
            var shift = 29 - Math.ILogB(slope);
            shift = Math.Clamp(shift, 0, 58);
            return new Rescale((int)Math.ScaleB(slope, shift), (long)Math.ScaleB(steps * 0.3, shift), shift);
        })];
    }

    private IntegerNode Add(IntegerNode node)
    {
        _nodes.Add(node);
        return node;
    }
}
