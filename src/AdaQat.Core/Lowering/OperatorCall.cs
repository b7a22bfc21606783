namespace AdaQat.Lowering;

/// <summary>An operation of TorchScript with what it was given.</summary>
/// <param name="Kind">Such as <c>aten::relu_</c>.</param>
/// <param name="Module">The module that computed it; empty for the model itself.</param>
/// <param name="Arguments">What it was given.</param>
/// <param name="Outputs">What it made.</param>
internal sealed record OperatorCall(
    string Kind, string Module, IReadOnlyList<Argument> Arguments, IReadOnlyList<TensorArgument> Outputs)
{
    /// <summary>The tensors that it was given, those in lists too.</summary>
    public IEnumerable<TensorArgument> Tensors => Arguments.SelectMany(argument => argument.Tensors);
}
