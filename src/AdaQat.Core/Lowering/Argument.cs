namespace AdaQat.Lowering;

/// <summary>What an operation of TorchScript is given, as it was in each of the recordings that are read together.</summary>
internal abstract record Argument
{
    /// <summary>The tensors in it.</summary>
    public IEnumerable<TensorArgument> Tensors => this switch
    {
        TensorArgument tensor => [tensor],
        ListArgument list => list.Items.SelectMany(item => item.Tensors),
        _ => [],
    };
}
