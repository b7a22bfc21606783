namespace AdaQat.Recording;

/// <summary>An operation of TorchScript, a line of its text.</summary>
/// <param name="Kind">Such as <c>aten::relu_</c> or <c>prim::Constant</c>.</param>
/// <param name="Outputs">What it makes.</param>
/// <param name="Inputs">The names of what it takes.</param>
/// <param name="Attributes">What is written between brackets behind the kind, or nothing.</param>
internal sealed record TorchOperation(
    string Kind, IReadOnlyList<TorchValue> Outputs, IReadOnlyList<string> Inputs, string Attributes)
{
    /// <summary>The kind of constants.</summary>
    public const string Constant = "prim::Constant";

    /// <summary>The kind of lists.</summary>
    public const string List = "prim::ListConstruct";

    /// <summary>Whether it is a constant that is a tensor, which libtorch's text rounds or leaves away.</summary>
    public bool IsTensorConstant => Kind == Constant && Attributes.Length > 0 && Outputs[0].Type.IsTensor;
}
