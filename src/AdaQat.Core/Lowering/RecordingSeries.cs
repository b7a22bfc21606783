using AdaQat.Recording;
using static TorchSharp.torch;

namespace AdaQat.Lowering;

/// <summary>
/// Recordings of one model on several examples, read as one. What differs between them can only be a size, or the model chooses what it
/// computes by what is in its input.
/// </summary>
internal sealed class RecordingSeries
{
    private readonly IReadOnlyList<RecordingReader> _readers;

    private RecordingSeries(IReadOnlyList<RecordingReader> readers, IReadOnlyList<OperatorCall> calls) =>
        (_readers, Calls) = (readers, calls);

    /// <summary>The first recording.</summary>
    public RecordedForward First => _readers[0].Recording;

    /// <summary>The operations, in order.</summary>
    public IReadOnlyList<OperatorCall> Calls { get; }

    /// <summary>Reads recordings together.</summary>
    /// <exception cref="RecordingDifferenceException">They computed something else.</exception>
    public static RecordingSeries Of(IReadOnlyList<RecordedForward> recordings)
    {
        var readers = recordings.Select(recording => new RecordingReader(recording)).ToList();
        var first = readers[0];
        for (var place = 0; place < first.Operations.Count; place++)
        {
            foreach (var other in readers.Skip(1))
            {
                RequireSameKind(first, other, place);
            }
        }

        if (readers.Find(r => r.Operations.Count > first.Operations.Count) is { } longer)
        {
            var (operation, module) = longer.Operations[first.Operations.Count];
            throw new RecordingDifferenceException(module, $"it computed {operation.Kind} with one input, and nothing with another");
        }

        var series = new RecordingSeries(readers, []);
        var calls = Enumerable.Range(0, first.Operations.Count).Select(series.Call).ToList();
        series.RequireSameOutputs();
        return new RecordingSeries(readers, calls);
    }

    /// <summary>The operations that lead to an output, in order.</summary>
    public IReadOnlyList<OperatorCall> Needed()
    {
        var needed = First.Outputs.ToHashSet();
        var calls = new List<OperatorCall>();
        foreach (var call in Calls.Reverse().Where(call => call.Outputs.Any(output => needed.Contains(output.Name))))
        {
            needed.UnionWith(call.Tensors.Select(tensor => tensor.Name));
            calls.Insert(0, call);
        }

        return calls;
    }

    /// <summary>The first operation that was given another number in one recording than in another; null where there is none.</summary>
    public OperatorCall? FirstOfOtherNumbers() => Calls.FirstOrDefault(call => call.Arguments.Any(IsOther));

    /// <summary>A value of the first recording by its name.</summary>
    public TensorArgument Tensor(string name) => (TensorArgument)Merge([.. _readers.Select(_ => name)], module: "");

    /// <summary>The tensor of a constant that is neither parameter, buffer nor input; null where the value is something else.</summary>
    public Tensor? TensorConstant(string name) => _readers[0].TensorConstant(name);

    private static bool IsOther(Argument argument) => argument switch
    {
        IntegerArgument integer => integer.Values.Any(value => value != integer.Values[0]),
        ListArgument list => list.Items.Any(IsOther),
        _ => false,
    };

    private static void RequireSameKind(RecordingReader first, RecordingReader other, int place)
    {
        var (operation, module) = first.Operations[place];
        if (place >= other.Operations.Count)
        {
            throw new RecordingDifferenceException(module, $"it computed {operation.Kind} with one input, and nothing with another");
        }

        var (otherOperation, otherModule) = other.Operations[place];
        if (operation.Kind != otherOperation.Kind || module != otherModule || operation.Inputs.Count != otherOperation.Inputs.Count
            || operation.Outputs.Count != otherOperation.Outputs.Count)
        {
            var elsewhere = module == otherModule ? "" : $" of module '{otherModule}'";
            throw new RecordingDifferenceException(
                module, $"it computed {operation.Kind} with one input, and {otherOperation.Kind}{elsewhere} with another");
        }
    }

    private OperatorCall Call(int place)
    {
        var (operation, module) = _readers[0].Operations[place];
        var arguments = operation.Inputs.Select((_, i) =>
            Merge([.. _readers.Select(r => r.Operations[place].Operation.Inputs[i])], module, operation.Kind)).ToList();
        var outputs = operation.Outputs.Select((output, i) => output.Type.IsTensor
            ? new TensorArgument(output.Name, output.Type.IsFloatingPoint, Shapes(
                [.. _readers.Select(r => r.Operations[place].Operation.Outputs[i].Type)], module, operation.Kind))
            : new TensorArgument(output.Name, IsFloatingPoint: false, [.. _readers.Select(_ => Array.Empty<long>())])).ToList();
        return new OperatorCall(operation.Kind, module, arguments, outputs);
    }

    private void RequireSameOutputs()
    {
        var expected = _readers[0].Recording.Outputs.Select(_readers[0].Canonical).ToList();
        foreach (var reader in _readers.Skip(1))
        {
            if (!reader.Recording.Outputs.Select(reader.Canonical).SequenceEqual(expected))
            {
                throw new RecordingDifferenceException("", "other values came out with another input");
            }
        }
    }

    /// <param name="names">The value's name in each recording.</param>
    /// <param name="module">The module that reads it.</param>
    /// <param name="kind">The operation that reads it.</param>
    private Argument Merge(IReadOnlyList<string> names, string module, string kind = "")
    {
        var makers = names.Select((name, i) => _readers[i].Maker(name)).ToList();
        var first = makers[0];
        if (makers.Exists(maker => maker.Kind != first.Kind))
        {
            throw Differ();
        }

        if (first.Kind == TorchOperation.List)
        {
            if (makers.Exists(maker => maker.Inputs.Count != first.Inputs.Count))
            {
                throw Differ();
            }

            return new ListArgument([.. first.Inputs.Select((_, i) => Merge([.. makers.Select(m => m.Inputs[i])], module, kind))]);
        }

        var types = names.Select((name, i) => _readers[i].TypeOf(name)).ToList();
        if (first.Kind == TorchOperation.Constant && !types[0].IsTensor)
        {
            return types.Exists(type => type.Name != types[0].Name) ? throw Differ() : Constant(makers, Differ);
        }

        if (names.Select((name, i) => _readers[i].Canonical(name)).Distinct().Count() > 1 || !SameTensors(names))
        {
            throw Differ();
        }

        // A list of tensors that an operation made has no shape; what unpacks it has.
        return new TensorArgument(names[0], types[0].IsFloatingPoint, types[0].IsTensor
            ? Shapes(types, module, kind)
            : [.. types.Select(_ => Array.Empty<long>())]);

        RecordingDifferenceException Differ() => new(module, $"{kind} was given something else with another input");
    }

    private static Argument Constant(List<TorchOperation> makers, Func<RecordingDifferenceException> differ)
    {
        var values = makers.ConvertAll(TorchConstants.Read);
        return values[0] switch
        {
            long => new IntegerArgument([.. values.Cast<long>()]),
            List<long> list when values.Cast<List<long>>().All(l => l.Count == list.Count) => new ListArgument(
                [.. list.Select((_, i) => new IntegerArgument([.. values.Cast<List<long>>().Select(l => l[i])]))]),
            var value when values.TrueForAll(v => Equals(v, value)) => new LiteralArgument(value),
            _ => throw differ(),
        };
    }

    private bool SameTensors(IReadOnlyList<string> names)
    {
        if (_readers[0].TensorConstant(names[0]) is not { } first)
        {
            return true;
        }

        using var scope = NewDisposeScope();
        return names.Skip(1).Select((name, i) => _readers[i + 1].TensorConstant(name)).All(other =>
            other is not null && other.dtype == first.dtype && other.shape.SequenceEqual(first.shape)
                && other.bytes.SequenceEqual(first.bytes));
    }

    private static IReadOnlyList<long>[] Shapes(IReadOnlyList<TorchType> types, string module, string kind)
    {
        var shapes = types.Select(type => type.Shape ?? throw new RecordingDifferenceException(
            module, $"libtorch has noted no shape of {kind}")).ToArray();
        return Array.TrueForAll(shapes, shape => shape.Count == shapes[0].Count)
            ? shapes
            : throw new RecordingDifferenceException(module, $"{kind} made a tensor of other axes with another input");
    }
}
