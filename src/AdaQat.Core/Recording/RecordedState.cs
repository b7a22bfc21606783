using static TorchSharp.torch;

namespace AdaQat.Recording;

/// <summary>A parameter or a buffer of a recorded model.</summary>
/// <param name="Name">Its first name in the model, such as <c>conv1.weight</c>.</param>
/// <param name="Tensor">The model's own tensor.</param>
internal sealed record RecordedState(string Name, Tensor Tensor);
