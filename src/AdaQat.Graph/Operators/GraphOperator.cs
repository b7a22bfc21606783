namespace AdaQat.Graph;

/// <summary>
/// What a node of a graph computes: an operator with its attributes. Each holds its shape rule and its reference formula. The operators are
/// those of this library; there can be no others.
/// </summary>
/// <remarks>
/// Formulas are evaluated in 64-bit arithmetic, sums included, and each result is rounded once to the type of the run. For one addition,
/// multiplication, division or square root that is the same as 32-bit arithmetic; sums are more exact than it.
/// </remarks>
public abstract record GraphOperator
{
    private protected GraphOperator()
    {
    }

    /// <summary>The operator's name in texts and in JSON, for example <c>conv</c>.</summary>
    public abstract string Name { get; }

    /// <summary>All attributes, in the order in which they are written.</summary>
    public abstract EquatableList<AttributeValue> Attributes { get; }

    /// <summary>What it reads.</summary>
    internal abstract OperatorInputs InputsAllowed { get; }

    /// <summary>The shapes of what it computes.</summary>
    /// <param name="inputs">The shapes of its inputs, in order.</param>
    /// <returns>One shape for each of its outputs.</returns>
    /// <exception cref="GraphException">
    /// There are too few or too many inputs, or the shapes don't fit the operator or each other.
    /// </exception>
    public IReadOnlyList<Shape> InferShapes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        InputsAllowed.Check(inputs.Count);
        return OutputShapes(inputs);
    }

    /// <summary>Computes the operator's formula.</summary>
    /// <param name="inputs">Its inputs, all of one type.</param>
    /// <returns>Its outputs, of that type.</returns>
    /// <exception cref="GraphException">As <see cref="InferShapes"/>, or the types differ.</exception>
    public IReadOnlyList<GraphTensor> Evaluate(params IReadOnlyList<GraphTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var type = inputs.Count == 0 ? ElementType.Float64 : inputs[0].Type;
        if (inputs.FirstOrDefault(input => input.Type != type) is { } other)
        {
            throw new GraphException($"an input is of type {other.Type} and the first of type {type}; allowed is one type.");
        }

        return Evaluate(inputs, type);
    }

    /// <summary>As written with a node: the name and what is not default.</summary>
    /// <returns>For example <c>conv(stride=2, padding=1)</c>.</returns>
    public sealed override string ToString() =>
        $"{Name}({string.Join(", ", Attributes.Where(attribute => !attribute.IsDefault))})";

    /// <summary>The formula, whose results are rounded to a type.</summary>
    internal IReadOnlyList<GraphTensor> Evaluate(IReadOnlyList<GraphTensor> inputs, ElementType type)
    {
        var shapes = InferShapes([.. inputs.Select(input => input.Shape)]);
        var outputs = shapes.Select(shape => new double[shape.ElementCount]).ToArray();
        Compute([.. inputs.Select(input => new Operand(input.Shape, input.Numbers(), type))],
            [.. shapes.Zip(outputs, (shape, numbers) => new Operand(shape, numbers, type))]);
        return [.. shapes.Zip(outputs, (shape, numbers) => GraphTensor.FromNumbers(shape, numbers, type))];
    }

    /// <summary>The same into memory that is there: nothing is allocated, and inputs are read only.</summary>
    /// <param name="inputs">Its inputs, whose shapes fit.</param>
    /// <param name="outputs">Its outputs, of the shapes that follow; what they hold is overwritten.</param>
    internal void Evaluate(ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs)
    {
        foreach (var output in outputs)
        {
            output.Values.Clear();
        }

        Compute(inputs, outputs);
        foreach (var output in outputs)
        {
            var values = output.Values;
            for (var i = 0; i < values.Length && output.Type == ElementType.Float32; i++)
            {
                values[i] = (float)values[i];
            }
        }
    }

    /// <summary>The shape rule; the number of inputs is checked.</summary>
    private protected abstract IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs);

    /// <summary>The formula, which allocates nothing. Outputs have their shape and are zero.</summary>
    private protected abstract void Compute(ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs);
}
