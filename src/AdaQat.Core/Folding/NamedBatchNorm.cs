using TorchSharp.Modules;

namespace AdaQat.Folding;

/// <summary>A batch normalisation and its name in the model.</summary>
internal sealed record NamedBatchNorm(string Name, BatchNorm Module);
