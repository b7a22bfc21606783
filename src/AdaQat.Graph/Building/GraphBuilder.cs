namespace AdaQat.Graph;

/// <summary>
/// Describes a graph by hand, operator by operator, in the order of their evaluation. Each is checked at once: an error names the node, and
/// nothing was added then.
/// </summary>
/// <example>
/// <code>
/// var g = new GraphBuilder("net");
/// var x = g.Input("image", [1, 3, 32, 32]);
/// x = g.Relu(g.Convolution(x, g.Constant("conv.weight", weight), stride: 2, padding: 1));
/// g.Output("features", x);
/// ModelGraph graph = g.Build();
/// </code>
/// </example>
/// <remarks>Axes may be negative, which counts them from the last. One number stands for all axes of an image.</remarks>
public sealed partial class GraphBuilder
{
    private readonly string _name;
    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphValue> _values = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>A graph without a node.</summary>
    /// <param name="name">The network's name.</param>
    public GraphBuilder(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _name = name;
    }

    /// <summary>The name of the module that nodes come from, from here on; empty for the model itself.</summary>
    public string Module { get; private set; } = "";

    /// <summary>Lets nodes come from a module, until what is returned is disposed.</summary>
    /// <param name="module">The module's name, complete: <c>layer1.0.conv1</c>.</param>
    /// <returns>What brings back the module before it.</returns>
    public IDisposable InModule(string module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var before = Module;
        Module = module;
        return new ModuleScope(() => Module = before);
    }

    /// <summary>What the graph is given.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="shape">Its shape; an interpreter takes other sizes too, of as many axes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">A node has that name.</exception>
    public GraphValue Input(string name, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Apply(new InputOperator(shape), [], name)[0];
    }

    /// <summary>A parameter or a buffer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The numbers.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">A node has that name.</exception>
    public GraphValue Constant(string name, GraphTensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Apply(new ConstantOperator(value), [], name)[0];
    }

    /// <summary>A number, for arithmetic with tensors.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The value, which has no axes.</returns>
    public GraphValue Number(double value) => Apply(new ConstantOperator(GraphTensor.Scalar(value)), [])[0];

    /// <summary>What the graph hands out.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="value">The value.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="GraphException">A node has that name, or the value is of another graph.</exception>
    public GraphBuilder Output(string name, GraphValue value)
    {
        Apply(new OutputOperator(), [value], name);
        return this;
    }

    /// <summary>Adds any operator.</summary>
    /// <param name="graphOperator">What is computed.</param>
    /// <param name="inputs">Its inputs, in the operator's order.</param>
    /// <param name="name">
    /// The node's name; null for one that is made of the module and the operator: <c>layer1.0.add</c>, and <c>layer1.0.add_2</c> if that is
    /// there.
    /// </param>
    /// <returns>The values that it makes.</returns>
    /// <exception cref="GraphException">
    /// The inputs don't fit the operator, a value is of another graph, or a node has that name.
    /// </exception>
    public IReadOnlyList<GraphValue> Apply(GraphOperator graphOperator, EquatableList<GraphValue> inputs, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graphOperator);
        ArgumentNullException.ThrowIfNull(inputs);
        var nodeName = name ?? FreeName(graphOperator.Name);
        if (nodeName.Length == 0 || _names.Contains(nodeName))
        {
            throw new GraphException(nodeName, "that name is empty, or another node has it; every node needs one of its own.");
        }

        foreach (var input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
            if (input.Id >= _values.Count || !ReferenceEquals(_values[input.Id], input))
            {
                throw new GraphException(nodeName, $"its input {input} is a value of another graph.");
            }
        }

        try
        {
            var shapes = graphOperator.InferShapes([.. inputs.Select(input => input.Shape)]);
            EquatableList<GraphValue> outputs = [.. shapes.Select((shape, place) => new GraphValue(_values.Count + place, shape))];
            _nodes.Add(new GraphNode(nodeName, graphOperator, inputs, outputs, Module));
            _names.Add(nodeName);
            _values.AddRange(outputs);
            return outputs;
        }
        catch (GraphException fault)
        {
            throw fault.At(nodeName);
        }
    }

    /// <summary>The graph of all that was added; the builder can go on.</summary>
    /// <returns>The graph.</returns>
    /// <exception cref="GraphException">It has no output.</exception>
    public ModelGraph Build() => new(_name, _nodes);

    private static int Axis(GraphValue value, int axis)
    {
        ArgumentNullException.ThrowIfNull(value);
        return axis < 0 ? axis + value.Shape.Rank : axis;
    }

    private static EquatableList<long> AllAxes(GraphValue value, EquatableList<long>? numbers, long otherwise)
    {
        ArgumentNullException.ThrowIfNull(value);
        numbers ??= otherwise;
        return numbers.Count == 1 ? [.. Enumerable.Repeat(numbers[0], Math.Max(1, value.Shape.Rank - 2))] : numbers;
    }

    private GraphValue One(GraphOperator graphOperator, EquatableList<GraphValue> inputs, string? name) =>
        Apply(graphOperator, inputs, name)[0];

    private GraphValue Made(Func<GraphOperator> make, EquatableList<GraphValue> inputs, string? name, string kind) =>
        MadeAll(make, inputs, name, kind)[0];

    /// <summary>A fault of the operator itself gets the name that its node would have had.</summary>
    private IReadOnlyList<GraphValue> MadeAll(Func<GraphOperator> make, EquatableList<GraphValue> inputs, string? name, string kind)
    {
        GraphOperator graphOperator;
        try
        {
            graphOperator = make();
        }
        catch (GraphException fault)
        {
            throw fault.At(name ?? FreeName(kind));
        }

        return Apply(graphOperator, inputs, name);
    }

    private string FreeName(string kind)
    {
        var first = Module.Length == 0 ? kind : $"{Module}.{kind}";
        var name = first;
        for (var number = 2; _names.Contains(name); number++)
        {
            name = FormattableString.Invariant($"{first}_{number}");
        }

        return name;
    }
}
