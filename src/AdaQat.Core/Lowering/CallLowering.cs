using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>An operation of TorchScript on its way into a graph: what it was given, in the form in which it is asked for.</summary>
internal sealed class CallLowering(OperatorCall call, GraphDraft draft)
{
    /// <summary>The operation.</summary>
    public OperatorCall Call => call;

    /// <summary>How many arguments there are.</summary>
    public int Count => call.Arguments.Count;

    /// <summary>The tensors that the model was given.</summary>
    public IReadOnlyList<TensorArgument> ModelInputs => draft.Inputs;

    /// <summary>What it made.</summary>
    public TensorArgument Output => call.Outputs[0];

    /// <summary>Whether an argument is a tensor.</summary>
    public bool IsTensor(int argument) => call.Arguments[argument] is TensorArgument;

    /// <summary>Whether nothing was given there.</summary>
    public bool IsNone(int argument) => call.Arguments[argument] is LiteralArgument { Value: null };

    /// <summary>A tensor with its shapes.</summary>
    public TensorArgument Tensor(int argument) =>
        call.Arguments[argument] as TensorArgument ?? throw Refusal($"argument {argument} is no tensor");

    /// <summary>A tensor, or a number, as a value of the graph.</summary>
    public DraftValue Value(int argument) => call.Arguments[argument] is TensorArgument tensor
        ? draft.Value(tensor.Name, call)
        : Scalar(Number(argument));

    /// <summary>A tensor as a value of the graph, if one was given.</summary>
    public DraftValue? ValueOrNone(int argument) => IsNone(argument) ? null : Value(argument);

    /// <summary>The tensors of a list.</summary>
    public IReadOnlyList<TensorArgument> Tensors(int argument) => List(argument).Select(item =>
        item as TensorArgument ?? throw Refusal($"argument {argument} holds something else than tensors")).ToList();

    /// <summary>The tensors of a list as values of the graph.</summary>
    public DraftValue[] Values(int argument) => [.. Tensors(argument).Select(tensor => draft.Value(tensor.Name, call))];

    /// <summary>A number as a value of the graph.</summary>
    public DraftValue Scalar(double number) => Constant(GraphTensor.Scalar(number));

    /// <summary>Numbers as a value of the graph.</summary>
    public DraftValue Constant(GraphTensor numbers) => draft.Add(new DraftNode(new ConstantOperator(numbers), [], call.Module));

    /// <summary>A number, which was the same in all recordings.</summary>
    public double Number(int argument) => call.Arguments[argument] is LiteralArgument { Value: double number } ? number : Integer(argument);

    /// <summary>A number, if one was given.</summary>
    public double? NumberOrNone(int argument) => IsNone(argument) ? null : Number(argument);

    /// <summary>An integer, which was the same in all recordings.</summary>
    public long Integer(int argument) => Single(call.Arguments[argument]);

    /// <summary>An integer, if one was given.</summary>
    public long? IntegerOrNone(int argument) => IsNone(argument) ? null : Integer(argument);

    /// <summary>Integers, which were the same in all recordings; a single one counts as a list.</summary>
    public EquatableList<long> Integers(int argument) => [.. List(argument).Select(Single)];

    /// <summary>What sizes follow from: those of a tensor that was given, or of others.</summary>
    /// <exception cref="SizeDependenceException">One follows from none of them.</exception>
    public IReadOnlyList<SizeExpression> Rules(IEnumerable<IntegerArgument> sizes, params IReadOnlyList<TensorArgument> sources) =>
        [.. sizes.Select(size => SizeRule.Find(sources, size.Values) ?? throw new SizeDependenceException(call))];

    /// <summary>Sizes, which may differ between recordings.</summary>
    public IReadOnlyList<IntegerArgument> Sizes(int argument) => List(argument).Select(item =>
        item as IntegerArgument ?? throw Refusal($"argument {argument} holds something else than sizes")).ToList();

    /// <summary>As many integers as axes: PyTorch takes one for all.</summary>
    public EquatableList<long> PerAxis(int argument, int axes)
    {
        var given = Integers(argument);
        return given.Count == 1 ? [.. Enumerable.Repeat(given[0], axes)] : given;
    }

    /// <summary>Whether something was asked for.</summary>
    public bool Flag(int argument) => call.Arguments[argument] switch
    {
        LiteralArgument { Value: bool flag } => flag,
        LiteralArgument { Value: null } => false,
        _ => throw Refusal($"argument {argument} is neither true nor false"),
    };

    /// <summary>A text, if one was given.</summary>
    public string? Text(int argument) => (call.Arguments[argument] as LiteralArgument)?.Value as string;

    /// <summary>An axis, counted from the first one.</summary>
    public int Axis(int argument, int rank) => FromFirst(Integer(argument), rank);

    /// <summary>Axes, counted from the first one; all of them where none is given.</summary>
    public EquatableList<long> Axes(int argument, int rank) => IsNone(argument) || List(argument).Count == 0
        ? [.. Enumerable.Range(0, rank).Select(axis => (long)axis)]
        : [.. Integers(argument).Select(axis => (long)FromFirst(axis, rank))];

    /// <summary>A node of the graph; its first value.</summary>
    public DraftValue Emit(GraphOperator operation, params DraftValue?[] inputs) =>
        draft.Add(new DraftNode(operation, [.. inputs.OfType<DraftValue>()], call.Module));

    /// <summary>Says what stands for the operation's output.</summary>
    public void Return(DraftValue value) => draft.Set(call.Outputs[0].Name, value);

    /// <summary>Says what stands for one of the operation's outputs.</summary>
    public void ReturnAt(int output, DraftValue value) => draft.Set(call.Outputs[output].Name, value);

    /// <summary>The value that stands for a tensor.</summary>
    public DraftValue ValueOf(TensorArgument tensor) => draft.Value(tensor.Name, call);

    /// <summary>Keeps how a tensor was split until the list of its parts is unpacked.</summary>
    public void Remember(int axis) => draft.Splits[call.Outputs[0].Name] = (call, axis);

    /// <summary>How a tensor was split.</summary>
    public (OperatorCall Call, int Axis) Remembered(string list) =>
        draft.Splits.TryGetValue(list, out var split) ? split : throw Refusal("it unpacks a list that no operator of a graph makes");

    /// <summary>Says that a node's values stand for the operation's outputs, of which there may be fewer.</summary>
    public void ReturnAll(DraftNode node)
    {
        for (var i = 0; i < call.Outputs.Count; i++)
        {
            draft.Set(call.Outputs[i].Name, new DraftValue(node, i));
        }
    }

    /// <summary>What can't be said in a graph.</summary>
    public CaptureException Refusal(string why) => new(call.Module, $"{call.Kind} can't be captured: {why}.");

    private static int FromFirst(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);

    private IReadOnlyList<Argument> List(int argument) => call.Arguments[argument] switch
    {
        ListArgument list => list.Items,
        LiteralArgument { Value: null } => [],
        var single => [single],
    };

    private long Single(Argument argument) => argument switch
    {
        IntegerArgument integer => integer.Values.All(value => value == integer.Values[0])
            ? integer.Values[0]
            : throw new SizeDependenceException(call),
        LiteralArgument { Value: bool flag } => flag ? 1 : 0,
        _ => throw Refusal("an integer is expected where it was given something else"),
    };
}
