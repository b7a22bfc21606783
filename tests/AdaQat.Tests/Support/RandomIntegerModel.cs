using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Tests.Support;

/// <summary>Integer models of random nodes, small enough that the reference computes thousands in seconds.</summary>
internal sealed class RandomIntegerModel
{
    private readonly Random _random;
    private readonly List<IntegerNode> _nodes = [];

    private RandomIntegerModel(int seed) => _random = new(seed);

    /// <summary>A layer with weights of some bits on codes of some bits, and every kind of reader behind it.</summary>
    public static IntegerModel Layer(int seed, int weightBits, int activationBits)
    {
        var model = new RandomIntegerModel(seed);
        while (true)
        {
            try
            {
                model._nodes.Clear();
                model.Input(model.Grid(activationBits));
                model.Layer(model._nodes[0], weightBits);
                break;
            }
            catch (IntegerModelException)
            {
                // Sizes that don't fit each other: other ones.
            }
        }

        var sums = model._nodes[^1];
        model.Requantize(sums);
        model.Rescale(sums);
        return model.Finish(0);
    }

    /// <summary>A layer with a window that is given, on a grid and with weights of any kind, and both readers behind it.</summary>
    public static IntegerModel Layer(int seed, int weightBits, int activationBits, LayerGeometry geometry)
    {
        var model = new RandomIntegerModel(seed);
        var window = new SlidingWindow(
            [geometry.Kernel, geometry.Kernel], [geometry.Stride, geometry.Stride], [geometry.Padding, geometry.Padding], null,
            [geometry.Dilation, geometry.Dilation]);
        var outputs = geometry.Groups == 1 ? 18 : geometry.Groups == 2 ? 6 : LayerGeometry.Channels;
        while (true)
        {
            try
            {
                var input = new InputNode("codes", [7, 6, LayerGeometry.Channels], model.Grid(activationBits));
                var weights = model.Weights(
                    [outputs, geometry.Kernel, geometry.Kernel, LayerGeometry.Channels / geometry.Groups], weightBits);
                IntegerNode sums = geometry.IsTransposed
                    ? new TransposedConvolutionNode("sums", input, weights, window, [0, 0], geometry.Groups)
                    : new ConvolutionNode("sums", input, weights, window, geometry.Groups);
                model._nodes.AddRange([input, sums]);
                model.Requantize(sums);
                model.Rescale(sums);
                return model.Finish(0);
            }
            catch (IntegerModelException)
            {
                // A grid that doesn't fit: another one.
                model._nodes.Clear();
            }
        }
    }

    /// <summary>A graph of nodes of every kind.</summary>
    public static IntegerModel Graph(int seed, int count = 14)
    {
        var model = new RandomIntegerModel(seed);
        model.Input(model.Grid(1 + model._random.Next(8)));
        if (model._random.Next(2) == 0)
        {
            model.FloatInput();
        }

        while (model._nodes.Count < count)
        {
            try
            {
                model.Any();
            }
            catch (IntegerModelException)
            {
                // Nodes that don't fit each other: other ones.
            }
        }

        return model.Finish(4);
    }

    /// <summary>
    /// A convolution of more pixels, channels and products than those of <see cref="Layer(int, int, int)"/>, at times with the largest
    /// weights everywhere, and a residual connection around it.
    /// </summary>
    public static IntegerModel Wide(int seed)
    {
        var model = new RandomIntegerModel(seed);
        var random = model._random;
        int[] sizes = [1, 3, 8, 16, 24, 33, 40, 64, 70];
        var (channels, depthwise) = (sizes[random.Next(sizes.Length)], random.Next(3) == 0);
        var codes = model.Grid(model.Upto(8));
        IntegerNode x = new InputNode("codes", [model.Upto(11), model.Upto(11), channels], codes);
        model._nodes.Add(x);
        var size = random.Next(2) == 0 ? 3 : 1;
        var (outputs, perOutput) = (depthwise || random.Next(2) == 0 ? channels : sizes[random.Next(sizes.Length)],
            depthwise ? 1 : channels);
        var weights = model.Weights([outputs, size, size, perOutput], model.Upto(8), random.Next(3) == 0);
        IntegerNode sums = new ConvolutionNode(
            "conv", x, weights, new([size, size], [1, 1], [size / 2, size / 2]), depthwise ? channels : 1);
        model._nodes.Add(sums);
        model.Requantize(sums);
        if (outputs == channels)
        {
            model._nodes.Add(new AddNode("sum", [model._nodes[^1], x], [1, model.Upto(2)], random.Next(9)));
            model.Requantize(model._nodes[^1]);
        }

        return model.Finish(4);
    }

    /// <summary>Images for a model's inputs, as a caller gives them; or the largest codes everywhere.</summary>
    public static IReadOnlyList<Array> Images(IntegerModel model, int seed, bool areExtreme = false)
    {
        var random = new Random(seed);
        return [.. model.Inputs.Select(Array (input) => input.Type is Codes codes
            ? Numbers(input, () => (byte)(areExtreme ? codes.MaxCode : random.Next(codes.MaxCode + 1)))
            : Numbers(input, () => (float)(random.NextDouble() * 4) - 2))];
    }

    private static T[] Numbers<T>(IntegerNode node, Func<T> next) =>
        [.. Enumerable.Range(0, (int)node.Shape.ElementCount).Select(_ => next())];

    private string Name(string kind) => $"{kind}{_nodes.Count}";

    private int Upto(int max) => 1 + _random.Next(max);

    private IntegerNode Pick() => _nodes[_random.Next(_nodes.Count)];

    /// <summary>A grid: unsigned, with a sign, with odd integers only, or with a zero point anywhere.</summary>
    private Codes Grid(int bits)
    {
        var most = (1 << bits) - 1;
        return _random.Next(5) switch
        {
            0 when bits > 1 => new(most - 1, 1, -(most - 1) / 2),
            1 => new(most, 2, -most),
            2 => new(most, 1, -_random.Next(most + 1)),
            3 => new(most, 1, _random.Next(40) - 20),
            _ => new(most),
        };
    }

    private void Input(Codes type)
    {
        Shape shape = _random.Next(4) switch
        {
            0 => [Upto(12), Upto(20)],
            1 => [Upto(40)],
            _ => [Upto(9), Upto(9), Upto(20)],
        };
        _nodes.Add(new InputNode("codes", shape, type, _random.Next(2) == 0));
    }

    private void FloatInput()
    {
        IntegerNode input = new InputNode("floats", [Upto(6), Upto(6), Upto(5)], new Floats());
        _nodes.Add(input);
        if (_random.Next(3) == 0)
        {
            _nodes.Add(input = new IslandNode("island", [input], Island(input.Shape)));
        }

        var type = Grid(Upto(8));
        _nodes.Add(new QuantizeNode("quantize", input, type,
            [.. Enumerable.Range(0, type.MaxCode).Select(_ => (float)(_random.NextDouble() * 3) - 1).Order()]));
    }

    private static ModelGraph Island(Shape shape)
    {
        var g = new GraphBuilder("island");
        g.Output("y", g.Softmax(g.Input("x", [1, .. shape]), 2));
        return g.Build();
    }

    private void Any()
    {
        var (input, other) = (Pick(), Pick());
        switch (_random.Next(14))
        {
            case 0 or 1:
                Layer(input, Upto(8));
                break;
            case 2 or 3:
                Requantize(input);
                break;
            case 4:
                Rescale(input);
                break;
            case 5:
                _nodes.Add(new AddNode(Name("add"), [input, other], [_random.Next(9) - 4, Upto(3)], _random.Next(50)));
                break;
            case 6:
                _nodes.Add(new MultiplyNode(Name("multiply"), input, other));
                break;
            case 7:
                _nodes.Add(new MaxPoolNode(Name("max"), input, Window(input.Shape.Rank - 1)));
                break;
            case 8:
                _nodes.Add(new SumPoolNode(Name("sum"), input, Window(input.Shape.Rank - 1)));
                break;
            case 9:
                _nodes.Add(new ConcatNode(Name("concat"), [input, _random.Next(2) == 0 ? input : other], _random.Next(input.Shape.Rank)));
                break;
            case 10:
                var axis = _random.Next(input.Shape.Rank);
                _nodes.Add(new SliceNode(Name("slice"), input, axis, _random.Next(2), Upto((int)input.Shape[axis]), Upto(2)));
                break;
            case 11:
                var axes = Enumerable.Range(0, input.Shape.Rank).OrderBy(_ => _random.Next());
                _nodes.Add(new PermuteNode(Name("permute"), input, [.. axes]));
                break;
            case 12:
                Arranged(input);
                break;
            default:
                Lookup(input);
                break;
        }
    }

    private void Arranged(IntegerNode input)
    {
        IntegerNode node = _random.Next(3) switch
        {
            0 => new ReshapeNode(Name("flat"), input, [input.Shape.ElementCount]),
            1 => new PadNode(Name("pad"), input, [.. input.Shape.Select(_ => (long)_random.Next(3))],
                [.. input.Shape.Select(_ => (long)_random.Next(3))], _random.Next(2)),
            _ => new UpsampleNode(Name("up"), input, [.. input.Shape.Skip(1).Select(_ => (long)Upto(3))]),
        };
        if (node.Shape.ElementCount > 3000)
        {
            throw new IntegerModelException("Too large for a quick test.");
        }

        _nodes.Add(node);
    }

    private void Lookup(IntegerNode input)
    {
        if (input.Type is not Codes codes)
        {
            return;
        }

        var tables = _random.Next(2) == 0 ? 1 : (int)input.Shape[input.Shape.Rank - 1];
        NumberType type = _random.Next(2) == 0 ? Grid(Upto(8)) : new Integers(0, 0);
        var table = Enumerable.Range(0, tables * (codes.MaxCode + 1))
            .Select(_ => type is Codes to ? _random.Next(to.MaxCode + 1) : _random.Next(2000) - 1000);
        _nodes.Add(new LookupNode(Name("lookup"), input, type, [.. table]));
    }

    private void Layer(IntegerNode input, int bits)
    {
        var (rank, channels) = (input.Shape.Rank, (int)input.Shape[input.Shape.Rank - 1]);
        if (rank == 1 || _random.Next(6) == 0)
        {
            _nodes.Add(new LinearNode(Name("linear"), input, Weights([Upto(40), channels], bits)));
            return;
        }

        var groups = _random.Next(3) switch { 0 => channels, 1 => Upto(channels), _ => 1 };
        var outputs = groups * (_random.Next(3) == 0 ? Upto(3) : 1) * (groups == 1 ? Upto(40) : 1);
        var window = Window(rank - 1);
        var weights = Weights([outputs, .. window.Size, channels / groups], bits);
        _nodes.Add(_random.Next(4) == 0
            ? new TransposedConvolutionNode(
                Name("up"), input, weights, window, [.. window.Stride.Select(stride => (long)_random.Next((int)stride))], groups)
            : new ConvolutionNode(Name("conv"), input, weights, window, groups));
    }

    private IntegerWeights Weights(Shape shape, int bits, bool areExtreme = false)
    {
        var codes = new byte[shape.ElementCount];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)_random.Next(1 << bits);
        }

        if (areExtreme)
        {
            Array.Fill(codes, (byte)(_random.Next(2) * ((1 << bits) - 1)));
        }

        var most = (1 << bits) - 1;
        return _random.Next(4) switch
        {
            0 => new(shape, codes, bits, [.. Enumerable.Range(0, 1 << bits).Select(_ => (sbyte)_random.Next(-128, 128))]),
            1 => new(shape, codes, bits, 2, [-most]),
            2 => new(shape, codes, bits, 1, [.. Enumerable.Range(0, (int)shape[0]).Select(_ => -_random.Next(most + 1))]),
            _ => new(shape, codes, bits, 1, [-(1 << (bits - 1))]),
        };
    }

    private SlidingWindow Window(int rank)
    {
        EquatableList<long> Each(int min, int max) =>
            [.. Enumerable.Range(0, Math.Max(1, rank)).Select(_ => (long)_random.Next(min, max + 1))];
        return new(Each(1, 4), Each(1, 3), Each(0, 2), _random.Next(3) == 0 ? Each(0, 2) : null, _random.Next(3) == 0 ? Each(1, 3) : null);
    }

    private void Requantize(IntegerNode input)
    {
        var type = Grid(Upto(8));
        var channels = (int)input.Shape[input.Shape.Rank - 1];
        var rules = Enumerable.Range(0, _random.Next(3) == 0 ? 1 : channels).Select(_ => Rule(input.Type, type.MaxCode));
        _nodes.Add(new RequantizeNode(Name("codes"), input, [.. rules], type));
    }

    private ChannelRule Rule(NumberType input, int maxCode)
    {
        var (min, max) = (input.MinInteger, input.MaxInteger);
        if (_random.Next(8) == 0)
        {
            var thresholds = Enumerable.Range(0, maxCode).Select(_ => (int)_random.NextInt64(min, max + 1)).Order();
            var descends = _random.Next(2) == 0;
            return new Thresholds([.. descends ? thresholds.Reverse() : thresholds], descends);
        }

        // Codes spread over a part of the range, as batch normalisation spreads them, rising or falling.
        var shift = _random.Next(3) == 0 ? _random.Next(12) : 24 + _random.Next(16);
        var slope = (maxCode + 1.0) / Math.Max(1, (max - min) * (0.1 + _random.NextDouble())) * (_random.Next(4) == 0 ? -1 : 1);
        var middle = min + (_random.NextDouble() * (max - min));
        var multiplier = (int)Math.Clamp(Math.ScaleB(slope, shift), int.MinValue, int.MaxValue);
        return new Rescale(multiplier, (long)(Math.ScaleB((maxCode + 1) / 2.0, shift) - (multiplier * middle)), shift);
    }

    private void Rescale(IntegerNode input)
    {
        var channels = (int)input.Shape[input.Shape.Rank - 1];
        var rescales = Enumerable.Range(0, _random.Next(3) == 0 ? 1 : channels).Select(_ => new Rescale(
            _random.Next(-(1 << 28), 1 << 28), _random.NextInt64(-(1L << 40), 1L << 40), _random.Next(20, 40)));
        var clamps = _random.Next(2) == 0;
        _nodes.Add(new RescaleNode(Name("scaled"), input, [.. rescales], clamps ? 0 : int.MinValue, clamps ? 100_000 : int.MaxValue));
    }

    /// <summary>An output for each value that nobody reads, and for some others.</summary>
    private IntegerModel Finish(int others)
    {
        var read = _nodes.SelectMany(node => node.Inputs).ToHashSet();
        var shown = _nodes.Where(node => !read.Contains(node) || (others == 0 ? node is not InputNode : _random.Next(others) == 0));
        foreach (var node in shown.ToList())
        {
            var floats = node;
            if (node.Type is not Floats)
            {
                floats = new DequantizeNode(Name("float"), node, [0.5], [0.25]);
                _nodes.Add(floats);
            }

            _nodes.Add(new OutputNode(Name("output"), floats, _random.Next(2) == 0));
        }

        return new([.. _nodes]);
    }
}
