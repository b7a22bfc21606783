using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>
/// A captured graph as an integer model: node by node, in the graph's order. What a layer makes stays as it is, with what it stands for,
/// until a quantizer, a sum or an output reads it.
/// </summary>
internal sealed class IntegerLowering
{
    private readonly ModelGraph _graph;
    private readonly IntegerCompilerOptions _options;
    private readonly Dictionary<int, RealValue> _values = [];
    private readonly Dictionary<int, RealValue> _inFloat = [];
    private readonly Dictionary<int, GraphTensor> _constants = [];
    private readonly Dictionary<string, (string, EquatableList<int>, CodeGrid)> _codes = new(StringComparer.Ordinal);
    private readonly GridsAhead _grids;
    private readonly ModelDraft _draft = new();
    private readonly Forms _forms;
    private readonly LayerLowering _layers;
    private readonly LayoutLowering _layouts;
    private readonly PoolLowering _pools;

    private IntegerLowering(ModelGraph graph, IntegerCompilerOptions options)
    {
        (_graph, _options, _forms, _grids) = (graph, options, new(_draft), new(graph));
        (_layers, _layouts, _pools) = (new(_draft, _forms), new(_draft, _forms), new(_draft, _forms));
    }

    /// <summary>The model of a graph.</summary>
    /// <exception cref="IntegerCompilerException">A node has no form in integers.</exception>
    public static LoweredModel Run(ModelGraph graph, IntegerCompilerOptions options)
    {
        var lowering = new IntegerLowering(graph, options);
        foreach (var node in graph.Nodes)
        {
            try
            {
                lowering.Lower(node);
            }
            catch (IntegerModelException fault)
            {
                throw new IntegerCompilerException(fault.Message, fault);
            }
        }

        return new(lowering._draft.Build(), lowering._codes);
    }

    private void Lower(GraphNode node)
    {
        switch (node.Operator)
        {
            case InputOperator:
                _values[node.Output.Id] = Input(node);
                break;
            case ConstantOperator constant:
                _constants[node.Output.Id] = constant.Value;
                break;
            case OutputOperator:
                Output(node);
                break;
            default:
                Compute(node);
                break;
        }
    }

    private void Compute(GraphNode node)
    {
        if (node.Inputs.All(input => _constants.ContainsKey(input.Id)))
        {
            var made = node.Operator.Evaluate([.. node.Inputs.Select(input => _constants[input.Id].To(ElementType.Float64))]);
            foreach (var (value, tensor) in node.Outputs.Zip(made))
            {
                _constants[value.Id] = tensor;
            }

            return;
        }

        RequireBatch(node);
        var lowered = InIntegers(node) ?? [InFloat(node)];
        foreach (var (value, real) in node.Outputs.Zip(lowered))
        {
            _values[value.Id] = real;
        }
    }

    private IReadOnlyList<RealValue>? InIntegers(GraphNode node)
    {
        var x = Real(node.Inputs[0]);
        var ahead = _grids.Of(node.Outputs);
        return node.Operator switch
        {
            QuantizeOperator quantizer => One(Quantized(node, quantizer, x!)),
            ConvolutionOperator or TransposedConvolutionOperator or LinearOperator => One(Layer(node)),
            AddOperator or SubtractOperator => Sum(node),
            MultiplyOperator or DivideOperator => One(Scaled(node)),
            MaximumOperator or MinimumOperator => One(Bounded(node)),
            PowerOperator power => One(Power(node, power)),
            BatchNormOperator norm when x is not null => One(BatchNorm(node, norm, x)),
            ReluOperator => One(x!.Then(map => map.Clamped(0, null))),
            ClampOperator clamp => One(x!.Then(map => map.Clamped(Exact(clamp.Minimum), Exact(clamp.Maximum)))),
            PointwiseOperator or PReluOperator => One(CurveLowering.Of(
                node.Operator, x!, node.Inputs.Count == 2 ? _constants.GetValueOrDefault(node.Inputs[1].Id) : null)),
            MaxPoolOperator or AdaptivePoolOperator { Reduction: Reduction.Max } =>
                One(_pools.Lower(node, ahead is null ? Straight(node.Inputs[0])! : x!, ahead)),
            AveragePoolOperator or AdaptivePoolOperator or ReduceOperator => One(_pools.Lower(node, Straight(node.Inputs[0])!, ahead)),
            ConcatOperator concat => node.Inputs.All(input => Real(input) is not null) ? One(_layouts.Concatenated(
                node, concat, [.. node.Inputs.Select(input => ahead is null ? Straight(input)! : Real(input)!)], ahead)) : null,
            ReshapeOperator or PadOperator when ahead is null => Straight(node.Inputs[0]) is { } straight
                ? _layouts.Lower(node, straight, ahead) : null,
            _ => x is null ? null : _layouts.Lower(node, x, ahead),
        };

        static IReadOnlyList<RealValue>? One(RealValue? value) => value is null ? null : [value];
    }

    /// <summary>Two values that are added become numbers of one unit; one that is known is a shift.</summary>
    private IReadOnlyList<RealValue>? Sum(GraphNode node)
    {
        var minus = node.Operator is SubtractOperator;
        var (a, b) = (Real(node.Inputs[0]), Real(node.Inputs[1]));
        if (a is not null && b is not null)
        {
            var areAffine = a.Maps.Concat(b.Maps).All(map => map.IsAffine);
            return (areAffine ? null : CurveLowering.Of((ElementwiseOperator)node.Operator, a, b)) is { } curved ? [curved]
                : SumLowering.Of(_draft, _forms, node, Straight(node.Inputs[0])!, Straight(node.Inputs[1])!, minus) is { } sum ? [sum]
                : null;
        }

        var (value, known) = a is null ? (b!, _constants[node.Inputs[0].Id]) : (a, _constants[node.Inputs[1].Id]);
        if (KnownOperand.Of(known, node.Output.Shape, value) is not { } operand)
        {
            return null;
        }

        Rational[] factors = [.. operand.Numbers.Select(_ => (Rational)(minus && a is null ? -1 : 1))];
        Rational[] terms = [.. operand.Numbers.Select(number => minus && a is not null ? -number : number)];
        return value.Then(operand.Axis, factors, terms) is { } shifted ? [shifted] : null;
    }

    private RealValue? Scaled(GraphNode node)
    {
        var (a, b) = (Real(node.Inputs[0]), Real(node.Inputs[1]));
        var divides = node.Operator is DivideOperator;
        if (a is not null && b is not null)
        {
            return (divides ? null : SumLowering.Product(_draft, _forms, node, a, b))
                ?? CurveLowering.Of((ElementwiseOperator)node.Operator, a, b);
        }

        var (value, known) = a is null ? (b!, _constants[node.Inputs[0].Id]) : (a, _constants[node.Inputs[1].Id]);
        if (KnownOperand.Of(known, node.Output.Shape, value) is not { } operand)
        {
            return null;
        }

        if (a is null && divides)
        {
            return CurveLowering.Of((ElementwiseOperator)node.Operator, value, operand, isFirst: true);
        }

        if (divides && operand.Numbers.Any(number => number.Sign == 0))
        {
            return null;
        }

        Rational[] factors = [.. operand.Numbers.Select(number => divides ? 1 / number : number)];
        return value.Then(operand.Axis, factors, [.. factors.Select(_ => (Rational)0)]);
    }

    /// <summary>
    /// The larger or the smaller of a value and a number that is known, the same for all: a clamp. Or of two functions of one value.
    /// </summary>
    private RealValue? Bounded(GraphNode node)
    {
        var (a, b) = (Real(node.Inputs[0]), Real(node.Inputs[1]));
        if (a is not null && b is not null)
        {
            return CurveLowering.Of((ElementwiseOperator)node.Operator, a, b);
        }

        if ((a ?? b) is not { } value || _constants.GetValueOrDefault(node.Inputs[a is null ? 0 : 1].Id) is not { } known
            || KnownOperand.Of(known, node.Output.Shape, value) is not { Numbers.Count: 1 } operand)
        {
            return null;
        }

        var bound = operand.Numbers[0];
        return value.Then(map => node.Operator is MaximumOperator ? map.Clamped(bound, null) : map.Clamped(null, bound));
    }

    private RealValue? Power(GraphNode node, PowerOperator power)
    {
        var (a, b) = (Real(node.Inputs[0]), Real(node.Inputs[1]));
        if (a is not null && b is not null)
        {
            return CurveLowering.Of(power, a, b);
        }

        var (value, known) = (a ?? b!, _constants[node.Inputs[a is null ? 0 : 1].Id]);
        return KnownOperand.Of(known, node.Output.Shape, value) is { } operand
            ? CurveLowering.Of(power, value, operand, a is null) : null;
    }

    private RealValue? BatchNorm(GraphNode node, BatchNormOperator norm, RealValue x)
    {
        var numbers = node.Inputs.Skip(1).Select(input => _constants.GetValueOrDefault(input.Id)?.ToFloat64()).ToArray();
        if (numbers.Any(tensor => tensor is null))
        {
            return null;
        }

        var (gamma, beta, mean, variance) = (numbers[0]!, numbers[1]!, numbers[2]!, numbers[3]!);

        // The root is the one number that is no fraction: it is the double that the reference has.
        Rational[] factors = [.. gamma.Select((number, c) => Rational.Of(number) / Rational.Of(Math.Sqrt(variance[c] + norm.Epsilon)))];
        return x.Then(1, factors, [.. factors.Select((factor, c) => Rational.Of(beta[c]) - (factor * Rational.Of(mean[c])))]);
    }

    private RealValue Quantized(GraphNode node, QuantizeOperator quantizer, RealValue x)
    {
        if (CodeGrid.Of(quantizer) is not { } grid)
        {
            throw Fault(node, $"it has {quantizer.Scales.Count} scales and codes of {quantizer.Bits} bits; allowed are activations with "
                + "one scale above 0, and 1 to 8 bits.");
        }

        var codes = _forms.Codes(x, grid, node.Name);
        _codes[node.Name] = (codes.Node.Name, codes.Order, grid);
        return codes;
    }

    private RealValue? Layer(GraphNode node)
    {
        var weight = _graph.Producer(node.Inputs[1]);
        if (Real(node.Inputs[0]) is not { Grid: not null } x || weight.Operator is not QuantizeOperator grid
            || !_constants.TryGetValue(weight.Inputs[0].Id, out var values)
            || (node.Inputs.Count == 3 && !_constants.ContainsKey(node.Inputs[2].Id)))
        {
            return null;
        }

        var bias = node.Inputs.Count == 3 ? _constants[node.Inputs[2].Id].ToFloat64() : null;
        return _layers.Lower(node, x, grid, values, bias);
    }

    /// <summary>
    /// A value whose numbers can be made: not one of sums behind a function, of which only thresholds are known. That is computed in float.
    /// </summary>
    private RealValue? Straight(GraphValue value)
    {
        if (Real(value) is not { } real || !real.IsCurved || real.Node.Type is Codes)
        {
            return Real(value);
        }

        if (!_inFloat.TryGetValue(value.Id, out var floats))
        {
            floats = Rounded(_graph.Producer(value)) ?? InFloat(_graph.Producer(value));
            _inFloat.Add(value.Id, floats);
        }

        return floats;
    }

    /// <summary>A sum of clamps of one value, whose numbers are needed: as of two values.</summary>
    private RealValue? Rounded(GraphNode node) => node.Operator is AddOperator or SubtractOperator
        && Real(node.Inputs[0]) is { IsCurved: false } a && Real(node.Inputs[1]) is { IsCurved: false } b
            ? SumLowering.Of(_draft, _forms, node, a, b, node.Operator is SubtractOperator) : null;

    /// <summary>A node that is computed in float, where that is allowed.</summary>
    private RealValue InFloat(GraphNode node)
    {
        if (!_options.AllowFloatIslands)
        {
            throw Real(node.Outputs[0]) is { IsCurved: true } ? Curved(node) : WithoutForm(node);
        }

        return node.Outputs.Count == 1
            ? FloatIsland.Of(_draft, node, [.. node.Inputs.Select(input => Straight(input) is { } value
                ? (_forms.Natural(_forms.Floats(value)), (GraphTensor?)null) : (null, _constants[input.Id]))])
            : throw Fault(node, $"it makes {node.Outputs.Count} values, and has no form in integers.");
    }

    private RealValue Input(GraphNode node)
    {
        var shape = node.Output.Shape;
        if (shape.Rank is < 2 or > 4)
        {
            throw Fault(node, $"it is {shape}; allowed are inputs of two to four axes, batch first.");
        }

        var order = RealValue.ChannelsLast(shape.Rank);
        var sizes = new Shape([.. order.Select(axis => shape[axis])]);
        if (_options.Pixels is not { } pixels)
        {
            return new(_draft.Add(new InputNode(_draft.Name(node.Name), sizes, new Floats())), order, [ChannelMap.Same]);
        }

        if (pixels.Mean.Count != 1 && pixels.Mean.Count != shape[1])
        {
            throw Fault(node, $"it has {shape[1]} channels, and pixels have {pixels.Mean.Count} means; allowed are 1 and {shape[1]}.");
        }

        var input = _draft.Add(new InputNode(_draft.Name(node.Name), sizes, new Codes(255)));
        return new(input, order, [.. pixels.Mean.Zip(pixels.Deviation, (mean, deviation) => new ChannelMap(
            1 / (255 * Rational.Of(deviation)), -Rational.Of(mean) / Rational.Of(deviation)))], 1);
    }

    private void Output(GraphNode node)
    {
        if (Real(node.Inputs[0]) is not { } value)
        {
            throw Fault(node, "it doesn't depend on an input.");
        }

        value = _forms.Floats(Straight(node.Inputs[0])!);
        var channelsFirst = value.Order == RealValue.ChannelsLast(value.Order.Count + 1);
        value = channelsFirst ? value : _forms.Natural(value);
        _draft.Add(new OutputNode(_draft.Name(node.Name), value.Node, channelsFirst));
    }

    private static IntegerCompilerException WithoutForm(GraphNode node) => Fault(
        node, node.Operator is ConvolutionOperator or TransposedConvolutionOperator or LinearOperator
            ? $"its input or its weight is not quantized, or it has more than two axes of windows; quantize the layer, or set "
                + $"{nameof(IntegerCompilerOptions)}.{nameof(IntegerCompilerOptions.AllowFloatIslands)}."
            : "it has no form in integers here; change the model, or set "
                + $"{nameof(IntegerCompilerOptions)}.{nameof(IntegerCompilerOptions.AllowFloatIslands)}, which "
                + "computes it in float, slowly.");

    /// <summary>A function of sums whose reader needs numbers, not codes.</summary>
    private IntegerCompilerException Curved(GraphNode node)
    {
        // Named is the function, not what follows it.
        while (node.Operator is not (PointwiseOperator or PReluOperator) || node.Operator is ReluOperator or ClampOperator)
        {
            if (node.Inputs.FirstOrDefault(input => Real(input) is { IsCurved: true }) is not { } curved)
            {
                break;
            }

            node = _graph.Producer(curved);
        }

        return Fault(node, "it is a function of a layer's sums, and not all that reads it is quantized; functions have tables of codes "
            + "only. Quantize what reads it (for sums that is JoinHandling.Quantized), leave a function of the network's output to the "
            + $"program, or set {nameof(IntegerCompilerOptions)}.{nameof(IntegerCompilerOptions.AllowFloatIslands)}.");
    }

    private void RequireBatch(GraphNode node)
    {
        var batch = _graph.Inputs[0].Output.Shape[0];
        if (node.Outputs.FirstOrDefault(value => value.Shape.Rank == 0 || value.Shape[0] != batch) is { } other)
        {
            throw Fault(node, $"its value {other.Shape} has not the batch of {batch} as its first axis; a compiled network computes one "
                + "image after the other.");
        }
    }

    private RealValue? Real(GraphValue value) => _values.GetValueOrDefault(value.Id);

    private static Rational? Exact(double? number) => number is { } known ? Rational.Of(known) : null;

    private static IntegerCompilerException Fault(GraphNode node, string message) => new(node.Name, node.Operator.Name, message);
}
