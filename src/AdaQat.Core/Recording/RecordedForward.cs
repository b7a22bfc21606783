using static TorchSharp.torch;

namespace AdaQat.Recording;

/// <summary>One forward of a model, as it was computed.</summary>
/// <param name="Operations">The operations in order, constants among them.</param>
/// <param name="Inputs">The names of the values that came in.</param>
/// <param name="Outputs">The names of those that went out.</param>
/// <param name="ModuleOutputs">What modules returned, in the order in which their calls ended.</param>
/// <param name="ModuleInputs">What modules of one tensor were given, in the order in which their calls began.</param>
/// <param name="States">Parameters and buffers, by the names of their values.</param>
/// <param name="Tensors">Tensors that are neither, by the names of their values: made in the forward, or held beside parameters.</param>
internal sealed record RecordedForward(
    IReadOnlyList<RecordedOperation> Operations,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<ModuleOutput> ModuleOutputs,
    IReadOnlyList<ModuleInput> ModuleInputs,
    IReadOnlyDictionary<string, RecordedState> States,
    IReadOnlyDictionary<string, Tensor> Tensors);
