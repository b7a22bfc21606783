using AdaQat.Lowering;
using static TorchSharp.torch;

namespace AdaQat.Capture;

/// <summary>The quantized layers of a model whose graph is captured.</summary>
internal interface IQuantizedLayers
{
    /// <summary>
    /// Lets the hooks rest: until it is disposed the model computes in float, and is left alone in whatever type it is given.
    /// </summary>
    IDisposable Rest();

    /// <summary>The grids as they are now, in the type that the model has now. The hooks rest.</summary>
    /// <param name="forwards">Forwards of the model on inputs that differ; a grid must not follow from them.</param>
    /// <exception cref="CaptureException">A quantizer has no range yet, or no grid that a graph has.</exception>
    ModelGrids Read(IReadOnlyList<Action> forwards);

    /// <summary>What the model computes with its quantizers, in the type that it has now. The hooks rest before and after.</summary>
    IReadOnlyList<Tensor> Quantized(Func<IReadOnlyList<Tensor>> forward);
}
