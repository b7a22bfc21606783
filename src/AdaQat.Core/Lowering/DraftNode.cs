using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Lowering;

/// <summary>A node of a graph in the making. Each is itself, whatever it computes.</summary>
internal sealed class DraftNode
{
    private readonly GraphOperator? _operator;
    private readonly Tensor? _constant;

    /// <summary>A node that computes something.</summary>
    /// <param name="operation">What.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="module">The module that computed it; empty for the model itself.</param>
    /// <param name="name">Its own name, as inputs have one; empty where it is to be named for its module and operator.</param>
    public DraftNode(GraphOperator operation, IReadOnlyList<DraftValue> inputs, string module, string name = "") =>
        (_operator, Inputs, Module, Name) = (operation, inputs, module, name);

    /// <summary>A constant.</summary>
    /// <param name="constant">Read when the graph is made, in the type that it has then.</param>
    /// <param name="module">The module whose it is.</param>
    /// <param name="name">Its name.</param>
    public DraftNode(Tensor constant, string module, string name) =>
        (_constant, Inputs, Module, Name) = (constant, [], module, name);

    /// <summary>What it computes.</summary>
    public GraphOperator Operator => _operator ?? new ConstantOperator(TensorNumbers.Of(_constant!));

    /// <summary>What it computes; null for a constant that is a tensor.</summary>
    public GraphOperator? Computation => _operator;

    /// <summary>What it reads.</summary>
    public IReadOnlyList<DraftValue> Inputs { get; }

    /// <summary>The module that computed it; empty for the model itself.</summary>
    public string Module { get; }

    /// <summary>Its own name; empty where it is to be named for its module and operator.</summary>
    public string Name { get; }
}
