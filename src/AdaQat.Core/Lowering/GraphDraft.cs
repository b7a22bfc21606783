using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Lowering;

/// <summary>A graph in the making: nodes, and which of their values stands for which of the recording.</summary>
internal sealed class GraphDraft
{
    private readonly RecordingSeries _series;
    private readonly List<DraftNode> _nodes = [];
    private readonly Dictionary<string, DraftValue> _values = [];

    /// <param name="series">What was recorded.</param>
    /// <param name="inputNames">What the inputs are called.</param>
    public GraphDraft(RecordingSeries series, IReadOnlyList<string> inputNames)
    {
        _series = series;
        Inputs = [.. series.First.Inputs.Select(series.Tensor)];
        for (var i = 0; i < Inputs.Count; i++)
        {
            _values.Add(Inputs[i].Name, Add(new DraftNode(new InputOperator([.. Inputs[i].Shape]), [], module: "", inputNames[i])));
        }
    }

    /// <summary>What came in.</summary>
    public IReadOnlyList<TensorArgument> Inputs { get; }

    /// <summary>Lists of parts: what split a tensor, along which axis.</summary>
    public Dictionary<string, (OperatorCall Call, int Axis)> Splits { get; } = [];

    /// <summary>All nodes, each behind those that it reads.</summary>
    public IReadOnlyList<DraftNode> Nodes => _nodes;

    /// <summary>Takes in a node; its first value.</summary>
    public DraftValue Add(DraftNode node)
    {
        _nodes.Add(node);
        return new DraftValue(node);
    }

    /// <summary>Says which value stands for one of the recording.</summary>
    public void Set(string name, DraftValue value) => _values[name] = value;

    /// <summary>The value that stands for one of the recording, or null where none does.</summary>
    public DraftValue? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>
    /// The value that stands for one of the recording; a parameter, buffer or other constant becomes a node at its first use.
    /// </summary>
    /// <param name="name">The value's name.</param>
    /// <param name="call">Who reads it.</param>
    /// <exception cref="CaptureException">Nothing stands for it: an operation made it that a graph does not have.</exception>
    public DraftValue Value(string name, OperatorCall call)
    {
        if (!_values.TryGetValue(name, out var value))
        {
            _values.Add(name, value = Add(Constant(name, call)));
        }

        return value;
    }

    private DraftNode Constant(string name, OperatorCall call)
    {
        if (_series.First.States.TryGetValue(name, out var state))
        {
            var dot = state.Name.LastIndexOf('.');
            return new DraftNode(state.Tensor, dot < 0 ? "" : state.Name[..dot], state.Name);
        }

        return _series.TensorConstant(name) is { } tensor
            ? new DraftNode(tensor, call.Module, name: "")
            : throw new CaptureException(call.Module, $"{call.Kind} reads a value that no operator of a graph makes.");
    }
}
