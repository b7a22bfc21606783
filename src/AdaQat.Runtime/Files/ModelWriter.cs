using System.Buffers.Binary;
using System.Text;
using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>A model's nodes as the bytes of a file.</summary>
internal sealed class ModelWriter
{
    private readonly ByteWriter _bytes = new();
    private readonly Dictionary<IntegerNode, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private long _weights;
    private long _tables;
    private long _islands;

    public static (byte[] File, ModelBytes Sizes) Write(IReadOnlyList<IntegerNode> nodes)
    {
        var writer = new ModelWriter();
        writer._bytes.Unsigned(nodes.Count);
        foreach (var node in nodes)
        {
            writer.Node(node);
        }

        var content = writer._bytes.Written;
        var file = new byte[FileFormat.HeaderBytes + content.Length];
        FileFormat.Magic.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), FileFormat.Version);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(12), content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), FileFormat.Checksum(content));
        content.CopyTo(file.AsSpan(FileFormat.HeaderBytes));
        return (file, new(file.Length, writer._weights, writer._tables, writer._islands));
    }

    private void Node(IntegerNode node)
    {
        _bytes.Byte((byte)Kind(node));
        _bytes.Text(node.Name);
        if (node is AddNode or ConcatNode or IslandNode)
        {
            _bytes.Unsigned(node.Inputs.Count);
        }

        foreach (var input in node.Inputs)
        {
            // How far before it: small numbers, as most nodes read the one before them.
            _bytes.Unsigned(_numbers.Count - _numbers[input]);
        }

        Attributes(node);
        _numbers.Add(node, _numbers.Count);
    }

    private static NodeKind Kind(IntegerNode node) => node switch
    {
        InputNode => NodeKind.Input,
        OutputNode => NodeKind.Output,
        QuantizeNode => NodeKind.Quantize,
        DequantizeNode => NodeKind.Dequantize,
        RequantizeNode => NodeKind.Requantize,
        RescaleNode => NodeKind.Rescale,
        ConvolutionNode => NodeKind.Convolution,
        TransposedConvolutionNode => NodeKind.TransposedConvolution,
        LinearNode => NodeKind.Linear,
        AddNode => NodeKind.Add,
        MultiplyNode => NodeKind.Multiply,
        MaxPoolNode => NodeKind.MaxPool,
        SumPoolNode => NodeKind.SumPool,
        ConcatNode => NodeKind.Concat,
        SliceNode => NodeKind.Slice,
        PermuteNode => NodeKind.Permute,
        ReshapeNode => NodeKind.Reshape,
        PadNode => NodeKind.Pad,
        UpsampleNode => NodeKind.Upsample,
        LookupNode => NodeKind.Lookup,
        IslandNode => NodeKind.Island,
        _ => throw new IntegerModelException(node.Name, $"a {node.GetType().Name} can't be written."),
    };

    private void Attributes(IntegerNode node)
    {
        switch (node)
        {
            case InputNode input:
                Shape(input.Shape);
                Type(input.Type);
                _bytes.Flag(input.ChannelsFirst);
                break;
            case OutputNode output:
                _bytes.Flag(output.ChannelsFirst);
                break;
            case QuantizeNode quantize:
                Type(quantize.Type);
                foreach (var threshold in quantize.Thresholds)
                {
                    _bytes.Single(threshold);
                }

                _tables += 4L * quantize.Thresholds.Length;
                break;
            case DequantizeNode dequantize:
                _bytes.Unsigned(dequantize.Scales.Length);
                for (var i = 0; i < dequantize.Scales.Length; i++)
                {
                    _bytes.Double(dequantize.Scales[i]);
                    _bytes.Double(dequantize.Biases[i]);
                }

                break;
            case RequantizeNode requantize:
                Type(requantize.Type);
                Rules(requantize.Rules);
                break;
            case RescaleNode rescale:
                _bytes.Signed(rescale.Min);
                _bytes.Signed(rescale.Max);
                Rules(rescale.Rescales);
                break;
            case LinearNode linear:
                Weights(linear.Weights);
                break;
            case ConvolutionNode convolution:
                Weights(convolution.Weights);
                Window(convolution.Window);
                _bytes.Unsigned(convolution.Groups);
                break;
            case TransposedConvolutionNode convolution:
                Weights(convolution.Weights);
                Window(convolution.Window);
                _bytes.Each(convolution.OutputPadding);
                _bytes.Unsigned(convolution.Groups);
                break;
            default:
                Arrangement(node);
                break;
        }
    }

    private void Arrangement(IntegerNode node)
    {
        switch (node)
        {
            case AddNode add:
                foreach (var multiplier in add.Multipliers)
                {
                    _bytes.Signed(multiplier);
                }

                _bytes.Signed(add.Offset);
                break;
            case MaxPoolNode pool:
                Window(pool.Window);
                break;
            case SumPoolNode pool:
                Window(pool.Window);
                break;
            case ConcatNode concat:
                _bytes.Unsigned(concat.Axis);
                break;
            case SliceNode slice:
                _bytes.Unsigned(slice.Axis);
                _bytes.Unsigned(slice.Start);
                _bytes.Unsigned(slice.Count);
                _bytes.Unsigned(slice.Step);
                break;
            case PermuteNode permute:
                _bytes.Each([.. permute.Axes.Select(axis => (long)axis)]);
                break;
            case ReshapeNode:
                Shape(node.Shape);
                break;
            case PadNode pad:
                _bytes.Each(pad.Before);
                _bytes.Each(pad.After);
                _bytes.Signed(pad.Number);
                break;
            case UpsampleNode upsample:
                _bytes.Each(upsample.Factors);
                break;
            case LookupNode lookup:
                Lookup(lookup);
                break;
            case IslandNode island:
                var json = Encoding.UTF8.GetBytes(island.Graph.ToJson());
                _bytes.Unsigned(json.Length);
                _bytes.Bytes(json);
                _islands += json.Length;
                break;
        }
    }

    private void Lookup(LookupNode node)
    {
        var before = _bytes.Written.Length;
        Type(node.Type);
        _bytes.Flag(node.Table.Length > ((Codes)node.Inputs[0].Type).MaxCode + 1);
        if (node.Type is Codes codes)
        {
            _bytes.Packed([.. node.Table.ToArray().Select(number => (byte)number)], codes.Bits);
        }
        else
        {
            foreach (var number in node.Table)
            {
                _bytes.Signed(number);
            }
        }

        _tables += _bytes.Written.Length - before;
    }

    private void Shape(Shape shape) => _bytes.Each(shape);

    /// <summary>1 and the grid for codes, 2 for integers, 3 for floats.</summary>
    private void Type(NumberType type)
    {
        _bytes.Byte(type switch { Codes => 1, Integers => 2, _ => 3 });
        if (type is Codes codes)
        {
            _bytes.Unsigned(codes.MaxCode);
            _bytes.Unsigned(codes.Multiplier);
            _bytes.Signed(codes.Offset);
        }
    }

    /// <summary>The shift, or 63 and 64 for thresholds that rise and fall; then numbers.</summary>
    private void Rules(IReadOnlyCollection<ChannelRule> rules)
    {
        _bytes.Unsigned(rules.Count);
        foreach (var rule in rules)
        {
            var before = _bytes.Written.Length;
            switch (rule)
            {
                case Rescale rescale:
                    _bytes.Byte((byte)rescale.Shift);
                    _bytes.Signed(rescale.Multiplier);
                    _bytes.Signed(rescale.Offset);
                    break;
                case Thresholds thresholds:
                    _bytes.Byte(thresholds.Descending ? (byte)64 : (byte)63);
                    Steps(thresholds.Values.AsSpan());
                    _tables += _bytes.Written.Length - before;
                    break;
            }
        }
    }

    /// <summary>The first threshold, and how far each is from the one before it.</summary>
    private void Steps(ReadOnlySpan<int> thresholds)
    {
        _bytes.Signed(thresholds[0]);
        for (var i = 1; i < thresholds.Length; i++)
        {
            _bytes.Unsigned(Math.Abs((long)thresholds[i] - thresholds[i - 1]));
        }
    }

    private void Window(SlidingWindow window)
    {
        foreach (var numbers in (EquatableList<long>[])[window.Size, window.Stride, window.Before, window.After, window.Dilation])
        {
            _bytes.Each(numbers);
        }
    }

    private void Weights(IntegerWeights weights)
    {
        Shape(weights.Shape);
        _bytes.Byte((byte)weights.Bits);

        // 0: levels; else the multiplier.
        _bytes.Byte(weights.Levels.Length > 0 ? (byte)0 : (byte)weights.Multiplier);
        if (weights.Levels.Length > 0)
        {
            foreach (var level in weights.Levels)
            {
                _bytes.Byte((byte)level);
            }
        }
        else
        {
            _bytes.Flag(weights.Offsets.Length > 1);
            foreach (var offset in weights.Offsets)
            {
                _bytes.Signed(offset);
            }
        }

        _bytes.Packed(weights.Codes, weights.Bits);
        _weights += BitPacking.Bytes(weights.Codes.Length, weights.Bits);
    }
}
