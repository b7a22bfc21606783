using System.Buffers.Binary;
using System.Text;
using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>A model's nodes from the bytes of a file; whatever is wrong with them is an <see cref="IntegerModelException"/>.</summary>
internal sealed class ModelReader
{
    private readonly ByteReader _bytes;
    private readonly List<IntegerNode> _nodes = [];

    private ModelReader(ReadOnlyMemory<byte> content) => _bytes = new(content);

    /// <summary>The nodes of a file that is in memory.</summary>
    public static EquatableList<IntegerNode> Read(ReadOnlyMemory<byte> file)
    {
        var header = file.Span;
        if (header.Length < FileFormat.HeaderBytes || !header[..8].SequenceEqual(FileFormat.Magic))
        {
            throw new IntegerModelException("The file is no integer model: its first bytes are others.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) is var version && version != FileFormat.Version)
        {
            throw new IntegerModelException($"The file's version is {version}; this library reads {FileFormat.Version}.");
        }

        var content = file[FileFormat.HeaderBytes..];
        if (BinaryPrimitives.ReadInt64LittleEndian(header[12..]) is var length && length != content.Length)
        {
            throw new IntegerModelException(
                $"The file is damaged: it says that {length} bytes follow its header, and {content.Length} do.");
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(header[20..]) == FileFormat.Checksum(content.Span)
            ? new ModelReader(content).Nodes()
            : throw new IntegerModelException("The file is damaged: its checksum is another.");
    }

    private EquatableList<IntegerNode> Nodes()
    {
        var count = _bytes.Count("nodes", bytesEach: 3);
        for (var i = 0; i < count; i++)
        {
            _nodes.Add(Node());
        }

        return _bytes.Left == 0 ? [.. _nodes] : throw _bytes.Fault($"{_bytes.Left} bytes follow the last node");
    }

    private IntegerNode Node()
    {
        var kind = (NodeKind)_bytes.Byte();
        var name = _bytes.Text();
        try
        {
            return kind switch
            {
                NodeKind.Input => new InputNode(name, Shape(name), Type(), _bytes.Flag()),
                NodeKind.Output => new OutputNode(name, Before(), _bytes.Flag()),
                NodeKind.Quantize => Quantize(name),
                NodeKind.Dequantize => Dequantize(name),
                NodeKind.Requantize => Requantize(name),
                NodeKind.Rescale => Rescaled(name),
                NodeKind.Convolution => new ConvolutionNode(name, Before(), Weights(name), Window(), Groups()),
                NodeKind.TransposedConvolution => new TransposedConvolutionNode(
                    name, Before(), Weights(name), Window(), _bytes.Each("output padding"), Groups()),
                NodeKind.Linear => new LinearNode(name, Before(), Weights(name)),
                NodeKind.Add => Add(name),
                NodeKind.Multiply => new MultiplyNode(name, Before(), Before()),
                NodeKind.MaxPool => new MaxPoolNode(name, Before(), Window()),
                NodeKind.SumPool => new SumPoolNode(name, Before(), Window()),
                NodeKind.Concat => new ConcatNode(name, Several(), Axis()),
                NodeKind.Slice => new SliceNode(name, Before(), Axis(), Place(), Place(), Place()),
                NodeKind.Permute => new PermuteNode(name, Before(), [.. _bytes.Each("axes").Select(axis => (int)Math.Min(axis, 99))]),
                NodeKind.Reshape => new ReshapeNode(name, Before(), Shape(name)),
                NodeKind.Pad => new PadNode(name, Before(), _bytes.Each("padding"), _bytes.Each("padding"), _bytes.Signed32("a number")),
                NodeKind.Upsample => new UpsampleNode(name, Before(), _bytes.Each("factors")),
                NodeKind.Lookup => Lookup(name),
                NodeKind.Island => Island(name),
                _ => throw _bytes.Fault($"a node is of kind {(int)kind}, which this library doesn't know"),
            };
        }
        catch (IntegerModelException fault) when (fault.Node is null)
        {
            // Grids, windows and weights don't know whose they are.
            throw new IntegerModelException(name, fault.Message);
        }
    }

    private IntegerNode Before() => _nodes[_nodes.Count - (int)_bytes.Unsigned(1, _nodes.Count, "how far before it a node reads")];

    private EquatableList<IntegerNode> Several()
    {
        var inputs = new IntegerNode[_bytes.Count("inputs")];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Before();
        }

        return [.. inputs];
    }

    private int Axis() => (int)_bytes.Unsigned(0, 7, "an axis");

    private long Place() => _bytes.Unsigned(0, IntegerNode.MaxElements, "a place");

    private int Groups() => (int)_bytes.Unsigned(1, IntegerNode.MaxElements, "the number of groups");

    private Shape Shape(string name) => LayerSizes.ShapeOf(name, _bytes.Each("sizes").AsSpan());

    private NumberType Type() => _bytes.Byte() switch
    {
        1 => new Codes((int)_bytes.Unsigned(1, 255, "the largest code"), (int)_bytes.Unsigned(1, 2, "the multiplier of codes"),
            _bytes.Signed32("the offset of codes")),
        2 => new Integers(int.MinValue, int.MaxValue),
        3 => new Floats(),
        var other => throw _bytes.Fault($"a type is {other}; allowed are 1 to 3"),
    };

    private Codes CodeType() => Type() as Codes ?? throw _bytes.Fault("a type is not that of codes");

    private QuantizeNode Quantize(string name)
    {
        var (input, type) = (Before(), CodeType());
        var thresholds = new float[type.MaxCode];
        for (var i = 0; i < thresholds.Length; i++)
        {
            thresholds[i] = _bytes.Single();
        }

        return new(name, input, type, thresholds);
    }

    private DequantizeNode Dequantize(string name)
    {
        var (input, count) = (Before(), _bytes.Count("scales", bytesEach: 16));
        var (scales, biases) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            (scales[i], biases[i]) = (_bytes.Double(), _bytes.Double());
        }

        return new(name, input, scales, biases);
    }

    private RequantizeNode Requantize(string name)
    {
        var (input, type) = (Before(), CodeType());
        return new(name, input, Rules<ChannelRule>(shift => shift switch
        {
            63 => Thresholds(type.MaxCode, descending: false),
            64 => Thresholds(type.MaxCode, descending: true),
            _ => Rescale(shift),
        }), type);
    }

    private RescaleNode Rescaled(string name)
    {
        var (input, min, max) = (Before(), _bytes.Signed32("the smallest"), _bytes.Signed32("the largest"));
        return new(name, input, Rules(Rescale), min, max);
    }

    private EquatableList<T> Rules<T>(Func<byte, T> rule)
    {
        var rules = new T[_bytes.Count("rules", bytesEach: 3)];
        for (var i = 0; i < rules.Length; i++)
        {
            rules[i] = rule(_bytes.Byte());
        }

        return [.. rules];
    }

    private Rescale Rescale(byte shift) => new(_bytes.Signed32("a multiplier"), _bytes.Signed(), shift);

    private Thresholds Thresholds(int count, bool descending)
    {
        var values = new int[count];
        long value = _bytes.Signed32("a threshold");
        for (var i = 0; ; value += (descending ? -1 : 1) * _bytes.Unsigned(0, uint.MaxValue, "a distance of thresholds"))
        {
            values[i] = value is >= int.MinValue and <= int.MaxValue ? (int)value
                : throw _bytes.Fault($"a threshold is {value}, which 32 bits don't hold");
            if (++i == count)
            {
                return new([.. values], descending);
            }
        }
    }

    private AddNode Add(string name)
    {
        var inputs = Several();
        var multipliers = new int[inputs.Count];
        for (var i = 0; i < multipliers.Length; i++)
        {
            multipliers[i] = _bytes.Signed32("a multiplier");
        }

        return new(name, inputs, [.. multipliers], _bytes.Signed32("an offset"));
    }

    private LookupNode Lookup(string name)
    {
        var (input, type, each) = (Before(), Type(), _bytes.Flag());
        var entries = input.Type is Codes from ? from.MaxCode + 1 : throw _bytes.Fault("a table reads what holds no codes");
        var count = each ? entries * input.Shape[input.Shape.Rank - 1] : entries;
        if (type is Codes codes)
        {
            return new(name, input, type, Array.ConvertAll(_bytes.Packed(count, codes.Bits), code => (int)code));
        }

        var table = new int[count <= _bytes.Left ? count : throw _bytes.Fault($"it ends within a table of {count} numbers")];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = _bytes.Signed32("a table's number");
        }

        return new(name, input, type, table);
    }

    private IslandNode Island(string name)
    {
        var inputs = Several();
        var json = _bytes.Bytes(_bytes.Count("characters of a graph"));
        try
        {
            return new(name, inputs, ModelGraph.FromJson(Encoding.UTF8.GetString(json)));
        }
        catch (GraphException fault)
        {
            throw new IntegerModelException($"The graph of node '{name}' can't be read: {fault.Message}", fault);
        }
    }

    private SlidingWindow Window() => new(
        _bytes.Each("sizes of a window"), _bytes.Each("strides"), _bytes.Each("padding"), _bytes.Each("padding"), _bytes.Each("dilations"));

    private IntegerWeights Weights(string name)
    {
        var (shape, bits, multiplier) = (Shape(name), (int)_bytes.Byte(), (int)_bytes.Byte());
        if (bits is < 1 or > 8)
        {
            throw _bytes.Fault($"weights have {bits} bits; allowed are 1 to 8");
        }

        if (multiplier == 0)
        {
            var levels = Array.ConvertAll(_bytes.Bytes(1 << bits).ToArray(), level => (sbyte)level);
            return new(shape, _bytes.Packed(shape.ElementCount, bits), bits, levels);
        }

        var count = _bytes.Flag() ? shape.Rank == 0 ? 1 : shape[0] : 1;
        var offsets = new int[count <= _bytes.Left ? count : throw _bytes.Fault($"it ends within {count} offsets of weights")];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = _bytes.Signed32("an offset of weights");
        }

        return new(shape, _bytes.Packed(shape.ElementCount, bits), bits, multiplier, offsets);
    }
}
