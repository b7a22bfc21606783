using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>
/// Makes a graph of a draft: what leads to no output is left out, nodes get their names, and quantizers are put where hooks put them.
/// </summary>
internal sealed class GraphEmission
{
    private readonly HashSet<string> _ofOneKind;
    private readonly IReadOnlyDictionary<string, LayerGrids> _grids;
    private readonly ILookup<DraftValue, (ModuleBoundary Boundary, QuantizeOperator Grid)> _boundaries;
    private readonly GraphBuilder _builder;
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<DraftNode, IReadOnlyList<GraphValue>> _made = [];
    private readonly Dictionary<DraftNode, GraphValue> _quantizedWeights = [];
    private readonly Dictionary<(GraphValue Value, QuantizeOperator Grid), GraphValue> _quantized = [];

    private GraphEmission(
        string name, IReadOnlySet<string> containers, ModelGrids grids, LoweredModel model, IEnumerable<DraftNode> nodes)
    {
        (_builder, _grids, _boundaries) = (new GraphBuilder(name), grids.Layers, Boundaries(model, grids));
        _ofOneKind = nodes.Where(node => node.Computation is not (null or ConstantOperator or InputOperator)).GroupBy(node => node.Module)
            .Where(module => !containers.Contains(module.Key) && module.Select(node => node.Operator.Name).Distinct().Count() == 1)
            .Select(module => module.Key).ToHashSet();
    }

    /// <summary>The graph.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="model">The draft.</param>
    /// <param name="containers">The names of modules that have modules below them.</param>
    /// <param name="grids">How the model is quantized.</param>
    public static EmittedGraph Make(string name, LoweredModel model, IReadOnlySet<string> containers, ModelGrids grids)
    {
        var needed = Needed(model);
        var emission = new GraphEmission(name, containers, grids, model, needed);
        foreach (var node in model.Nodes.Where(needed.Contains))
        {
            emission.Emit(node);
        }

        foreach (var (output, value) in model.Outputs)
        {
            emission._builder.Output(emission.Free(output), emission.Outside(value));
        }

        return new EmittedGraph(emission._builder.Build(), Seen(model.ModuleOutputs), Seen(model.ModuleInputs));

        List<(string, GraphValue?)> Seen(IReadOnlyList<(string Module, DraftValue? Value)> calls) => [.. calls.Select(call =>
            (call.Module, call.Value is { } value && needed.Contains(value.Node) ? emission.Value(value) : null))];
    }

    private static ILookup<DraftValue, (ModuleBoundary Boundary, QuantizeOperator Grid)> Boundaries(LoweredModel model, ModelGrids grids)
    {
        var crossings = model.ModuleOutputs.Select(call => (Boundary: new ModuleBoundary(call.Module, IsOutput: true), call.Value))
            .Concat(model.ModuleInputs.Select(call => (Boundary: new ModuleBoundary(call.Module, IsOutput: false), call.Value)));
        return crossings.Where(crossing => crossing.Value is not null && grids.Boundaries.ContainsKey(crossing.Boundary))
            .ToLookup(crossing => crossing.Value!, crossing => (crossing.Boundary, grids.Boundaries[crossing.Boundary]));
    }

    /// <summary>What leads to an output, and all inputs.</summary>
    private static HashSet<DraftNode> Needed(LoweredModel model)
    {
        var needed = new HashSet<DraftNode>();
        var open = new Stack<DraftNode>(model.Outputs.Select(output => output.Value.Node)
            .Concat(model.Nodes.Where(node => node.Computation is InputOperator)));
        while (open.TryPop(out var node))
        {
            if (needed.Add(node))
            {
                node.Inputs.ToList().ForEach(input => open.Push(input.Node));
            }
        }

        return needed;
    }

    private void Emit(DraftNode node)
    {
        if (node.Computation is null && IsReplaced(node))
        {
            return;
        }

        using var module = _builder.InModule(node.Module);
        EquatableList<GraphValue> inputs = [.. node.Inputs.Select(input => Read(node, input))];
        _made.Add(node, _builder.Apply(node.Operator, inputs, NameOf(node)));
    }

    /// <summary>Whether all who read a weight read it quantized: then it is made as that.</summary>
    private bool IsReplaced(DraftNode constant) =>
        _grids.Values.Any(grid => grid.WeightName == constant.Name && grid.WeightGrid is not null);

    /// <summary>A value as a node reads it: of a quantized layer, the weight and what comes from outside are quantized.</summary>
    private GraphValue Read(DraftNode reader, DraftValue input)
    {
        if (!_grids.TryGetValue(reader.Module, out var grids))
        {
            return Outside(input, reader.Module);
        }

        if (input.Node.Name == grids.WeightName && input.Node.Computation is null)
        {
            return grids.WeightGrid is null ? Value(input) : QuantizedWeight(reader.Module, input.Node, grids);
        }

        var comesFromOutside = input.Node.Module != reader.Module || input.Node.Computation is InputOperator;
        return grids.InputGrid is { } grid && comesFromOutside && input.Node.Computation is not (null or ConstantOperator)
            ? Quantized(Outside(input, reader.Module), grid, $"{reader.Module}.activation_quantizer")
            : Outside(input, reader.Module);
    }

    /// <summary>A value as a module's nodes read it: quantized where it crossed a boundary that quantizes.</summary>
    private GraphValue Outside(DraftValue value, string reader = "") => _boundaries[value].Where(each => each.Boundary.IsBefore(reader))
        .Aggregate(Value(value), (made, each) => Quantized(made, each.Grid, $"{each.Boundary.Module}.join_quantizer"));

    private GraphValue QuantizedWeight(string layer, DraftNode weight, LayerGrids grids)
    {
        if (!_quantizedWeights.TryGetValue(weight, out var made))
        {
            _quantizedWeights.Add(weight, made = _builder.Apply(new ConstantOperator(grids.Weight!), [], Free(weight.Name))[0]);
        }

        return Quantized(made, grids.WeightGrid!, $"{layer}.weight_quantizer");
    }

    private GraphValue Quantized(GraphValue value, QuantizeOperator grid, string name)
    {
        if (!_quantized.TryGetValue((value, grid), out var quantized))
        {
            _quantized.Add((value, grid), quantized = _builder.Apply(grid, [value], Free(name))[0]);
        }

        return quantized;
    }

    private GraphValue Value(DraftValue value)
    {
        if (!_made.TryGetValue(value.Node, out var made))
        {
            // A weight that somebody reads past the layer's call, where hooks don't quantize it.
            _made.Add(value.Node, made = _builder.Apply(value.Node.Operator, [], NameOf(value.Node)));
        }

        return made[value.Output];
    }

    /// <summary>
    /// The node of a module that computes one thing and has no modules below it has the module's name; any other the operator's behind it.
    /// </summary>
    private string NameOf(DraftNode node) => Free(node switch
    {
        { Name.Length: > 0 } => node.Name,
        { Module.Length: 0 } => node.Operator.Name,
        { Computation: not (null or ConstantOperator) } when _ofOneKind.Contains(node.Module) => node.Module,
        _ => $"{node.Module}.{node.Operator.Name}",
    });

    private string Free(string name)
    {
        var free = name;
        for (var number = 2; !_names.Add(free); number++)
        {
            free = FormattableString.Invariant($"{name}_{number}");
        }

        return free;
    }
}
