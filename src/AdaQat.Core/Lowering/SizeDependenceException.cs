namespace AdaQat.Lowering;

/// <summary>An operation was given a number that follows from the example's sizes, where a graph has a fixed one.</summary>
internal sealed class SizeDependenceException(OperatorCall call)
    : Exception($"{call.Kind} of module '{call.Module}' is given a number that follows from the sizes of the input.");
