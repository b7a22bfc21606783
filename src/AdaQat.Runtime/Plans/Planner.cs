namespace AdaQat.Runtime;

/// <summary>Makes steps of nodes. What only changes the scale or the type of integers is computed with what makes them.</summary>
internal sealed class Planner
{
    private readonly KernelKind _kind;
    private readonly IReadOnlyList<IntegerNode> _nodes;
    private readonly Dictionary<IntegerNode, Slot> _slots = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<IntegerNode, List<IntegerNode>> _readers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<IntegerNode> _done = new(ReferenceEqualityComparer.Instance);
    private int _islands;

    public Planner(IReadOnlyList<IntegerNode> nodes, KernelKind kind)
    {
        (_nodes, _kind) = (nodes, kind);
        foreach (var node in nodes)
        {
            _readers.Add(node, []);
            foreach (var input in node.Inputs)
            {
                _readers[input].Add(node);
            }
        }
    }

    public Step[] Steps()
    {
        var (steps, inputs, outputs) = (new List<Step>(), 0, 0);
        foreach (var node in _nodes)
        {
            switch (node)
            {
                case InputNode input:
                    steps.Add(new BorderStep(node, SlotOf(node), inputs++, enters: true, input.ChannelsFirst));
                    break;
                case OutputNode output:
                    steps.Add(new BorderStep(node, SlotOf(node.Inputs[0]), outputs++, enters: false, output.ChannelsFirst));
                    break;
                case ReshapeNode:
                    _slots.Add(node, SlotOf(node.Inputs[0]));
                    break;
                case not null when !_done.Contains(node):
                    steps.Add(StepOf(node));
                    break;
            }
        }

        return [.. steps];
    }

    private static bool IsSink(IntegerNode node) => node is RequantizeNode or RescaleNode or DequantizeNode;

    private static int Channels(IntegerNode node) => node.Shape.Rank == 0 ? 1 : (int)node.Shape[node.Shape.Rank - 1];

    private static int Pixels(IntegerNode node) => (int)(node.Shape.ElementCount / Channels(node));

    private Slot SlotOf(IntegerNode node)
    {
        if (!_slots.TryGetValue(node, out var slot))
        {
            _slots.Add(node, slot = new(node.Shape.ElementCount * node.Type.Bytes));
        }

        return slot;
    }

    private Step StepOf(IntegerNode node) => node switch
    {
        QuantizeNode quantize => new QuantizeStep(quantize, SlotOf(node.Inputs[0]), SlotOf(node), _kind),
        LookupNode lookup => new LookupStep(lookup, SlotOf(node.Inputs[0]), SlotOf(node)),
        MaxPoolNode pool => new MaxPoolStep(SlotOf(node.Inputs[0]), SlotOf(node),
            new WindowPlaces(pool.Window, node.Inputs[0].Shape, node.Shape), Channels(node), node.Type is Codes),
        IslandNode island => new IslandStep(island, [.. node.Inputs.Select(SlotOf)], SlotOf(node), _islands++),
        ConcatNode or SliceNode or PermuteNode or PadNode or UpsampleNode => new CopiesStep(
            [.. node.Inputs.Select(SlotOf)], SlotOf(node), node.Type.Bytes, Arrangements.Of(node), (node as PadNode)?.Number),
        _ when IsSink(node) => new TileStep(Loaded(node.Inputs[0]), SinksOf(node.Inputs[0], node)),
        _ => new TileStep(ProducerOf(node), SinksOf(node, null)),
    };

    private Producer ProducerOf(IntegerNode node) => node switch
    {
        ConvolutionNode layer => LayerProducers.Of(layer, layer.Weights, SlotOf(node.Inputs[0]), _kind),
        TransposedConvolutionNode layer => LayerProducers.Of(layer, layer.Weights, SlotOf(node.Inputs[0]), _kind),
        LinearNode layer => LayerProducers.Of(layer, layer.Weights, SlotOf(node.Inputs[0]), _kind),
        AddNode add => new SumProducer(
            Pixels(node), Channels(node), _kind, [.. node.Inputs.Select(input => OperandOf(input, node))], [.. add.Multipliers],
            add.Offset),
        MultiplyNode => new ProductProducer(
            Pixels(node), Channels(node), _kind, OperandOf(node.Inputs[0], node), OperandOf(node.Inputs[1], node)),
        SumPoolNode pool => new PoolProducer(SlotOf(node.Inputs[0]), node.Inputs[0].Type,
            new WindowPlaces(pool.Window, node.Inputs[0].Shape, node.Shape), Channels(node), _kind),
        _ => throw new IntegerModelException(node.Name, $"a {node.GetType().Name} can't be run."),
    };

    private SumProducer Loaded(IntegerNode node) => new(Pixels(node), Channels(node), _kind, [OperandOf(node, node)], [1], 0);

    private IntegerOperand OperandOf(IntegerNode input, IntegerNode result) => new(SlotOf(input), input, result.Shape);

    /// <summary>
    /// All readers of a value that only change its scale or type, and the value itself where others read it; or, from one reader on, that
    /// one and those that are left.
    /// </summary>
    private Sink[] SinksOf(IntegerNode node, IntegerNode? loadedFor)
    {
        var sinks = new List<Sink>();
        if (loadedFor is null && _readers[node].Any(reader => !IsSink(reader)))
        {
            sinks.Add(new StoreSink(SlotOf(node), Channels(node)));
        }

        foreach (var reader in _readers[node].Where(reader => IsSink(reader) && _done.Add(reader)))
        {
            sinks.Add(reader switch
            {
                RequantizeNode requantize => new RequantizeSink(SlotOf(reader), _kind, new(requantize.Rules, Channels(node),
                    ((Codes)reader.Type).MaxCode, node.Type.MinInteger, node.Type.MaxInteger), Channels(node)),
                RescaleNode rescale => new RescaleSink(SlotOf(reader), _kind, new(
                    rescale.Rescales, Channels(node), rescale.Min, rescale.Max, node.Type), Channels(node)),
                DequantizeNode dequantize => new DequantizeSink(SlotOf(reader), dequantize, Channels(node)),
                _ => throw new IntegerModelException(reader.Name, "it makes no step."),
            });
        }

        return [.. sinks];
    }
}
