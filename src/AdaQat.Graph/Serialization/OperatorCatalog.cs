namespace AdaQat.Graph;

/// <summary>All operators that a document can name, and how each is read.</summary>
internal static class OperatorCatalog
{
    private static readonly Dictionary<string, Func<AttributeReader, GraphOperator>> Readers = Entries()
        .ToDictionary(entry => entry.Name, entry => entry.Read, StringComparer.Ordinal);

    public static GraphOperator Read(string name, AttributeReader attributes)
    {
        var read = Readers.TryGetValue(name, out var reader) ? reader : throw new GraphException(
            $"its operator is '{name}', which is not known; known are: {string.Join(", ", Readers.Keys.Order(StringComparer.Ordinal))}.");
        var graphOperator = read(attributes);
        attributes.Finish();
        return graphOperator.Name == name ? graphOperator : throw new GraphException(
            $"its operator is '{name}', and its attributes are those of '{graphOperator.Name}'.");
    }

    private static IEnumerable<(string Name, Func<AttributeReader, GraphOperator> Read)> Entries() =>
    [
        ("input", InputOperator.Read),
        ("output", _ => new OutputOperator()),
        ("constant", ConstantOperator.Read),
        .. OfOneToThreeAxes("conv", ConvolutionOperator.Read),
        .. OfOneToThreeAxes("conv_transpose", TransposedConvolutionOperator.Read),
        ("linear", _ => new LinearOperator()),
        ("embedding", _ => new EmbeddingOperator()),
        ("matmul", _ => new MatMulOperator()),
        ("relu", _ => new ReluOperator()),
        ("clamp", ClampOperator.Read),
        .. OfChoices<ActivationFunction>("", ActivationOperator.Read),
        ("prelu", _ => new PReluOperator()),
        .. OfChoices<UnaryFunction>("", (function, _) => new UnaryOperator(function)),
        ("add", _ => new AddOperator()),
        ("sub", _ => new SubtractOperator()),
        ("mul", _ => new MultiplyOperator()),
        ("div", _ => new DivideOperator()),
        ("pow", _ => new PowerOperator()),
        ("maximum", _ => new MaximumOperator()),
        ("minimum", _ => new MinimumOperator()),
        ("batch_norm", BatchNormOperator.Read),
        ("layer_norm", LayerNormOperator.Read),
        ("group_norm", GroupNormOperator.Read),
        ("softmax", SoftmaxOperator.Read),
        ("log_softmax", LogSoftmaxOperator.Read),
        .. OfChoices<Reduction>("reduce_", ReduceOperator.Read),
        .. OfOneToThreeAxes("max_pool", MaxPoolOperator.Read),
        .. OfOneToThreeAxes("avg_pool", AveragePoolOperator.Read),
        .. OfOneToThreeAxes("adaptive_avg_pool", attributes => AdaptivePoolOperator.Read(Reduction.Mean, attributes)),
        .. OfOneToThreeAxes("adaptive_max_pool", attributes => AdaptivePoolOperator.Read(Reduction.Max, attributes)),
        ("resize", ResizeOperator.Read),
        ("reshape", ReshapeOperator.Read),
        ("expand", ExpandOperator.Read),
        ("permute", PermuteOperator.Read),
        ("concat", ConcatOperator.Read),
        ("split", SplitOperator.Read),
        ("slice", SliceOperator.Read),
        ("pad", PadOperator.Read),
        ("quantize", QuantizeOperator.Read),
    ];

    private static IEnumerable<(string, Func<AttributeReader, GraphOperator>)> OfOneToThreeAxes(
        string name, Func<AttributeReader, GraphOperator> read) =>
        Enumerable.Range(1, 3).Select(axes => ($"{name}{axes}d", read));

    private static IEnumerable<(string, Func<AttributeReader, GraphOperator>)> OfChoices<T>(
        string prefix, Func<T, AttributeReader, GraphOperator> read)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(choice =>
            (prefix + SnakeCase.Of(choice), (Func<AttributeReader, GraphOperator>)(attributes => read(choice, attributes))));
}
