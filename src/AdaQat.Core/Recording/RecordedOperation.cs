namespace AdaQat.Recording;

/// <summary>An operation and the module that computed it.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Module">The name of the innermost module that was being called; empty for the model itself.</param>
internal sealed record RecordedOperation(TorchOperation Operation, string Module);
