using static TorchSharp.torch;

namespace AdaQat.Recording;

/// <summary>What a tracer noted: TorchScript's operations, in the order in which they were computed.</summary>
/// <param name="Operations">The operations, constants among them.</param>
/// <param name="Tensors">
/// Of constants without a name of ours, the tensors: copies, in the dispose scope that was open.
/// </param>
internal sealed record TorchProgram(IReadOnlyList<TorchOperation> Operations, IReadOnlyDictionary<string, Tensor> Tensors);
