using AdaQat.Capture;
using AdaQat.Graph;
using AdaQat.Lowering;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// The graph of what a model computes: <c>ModelCapture.Graph(model, example)</c>. (That of a quantized model:
/// <see cref="QuantizedModel"/>'s <c>Graph</c>.)
/// </summary>
/// <remarks>
/// <para>
/// libtorch's tracer records the model in eval mode, on the example and on inputs of other values and sizes made of it. What a graph can't
/// say is refused, by the names of the module and the operation; and a graph is handed out only after it has computed what the model does,
/// on other values, another batch and another image size where the model takes one: to nine digits in 64-bit arithmetic, or to four where
/// the model does not run in it.
/// </para>
/// <para>
/// The model is afterwards as it was, to the bit: parameters, buffers, modes, gradients, the random state. Meanwhile its parameters are
/// held as 64-bit numbers, so that nothing else may use it, on no thread. The tracer is the thread's own: a forward that computes on other
/// threads is not seen, and refused.
/// </para>
/// <para>Tried with libtorch 2.10 on Linux, x64. Elsewhere, describe the network with <see cref="GraphBuilder"/>.</para>
/// </remarks>
public static class ModelCapture
{
    /// <summary>The graph of a model.</summary>
    /// <param name="model">Any model in float, in any mode, on any device.</param>
    /// <param name="example">
    /// An input as the model takes it, with its batch dimension: a tensor, or a tuple, list or dictionary of tensors.
    /// </param>
    /// <param name="more">The further inputs of a model that takes several.</param>
    /// <returns>The graph, with the example's shapes and the parameters as they are now.</returns>
    /// <exception cref="ArgumentException">The model takes something else, or input or output hold something else than tensors.</exception>
    /// <exception cref="CaptureException">
    /// The model fails on the example, or computes something that a graph can't say, or says not surely; the message names the module.
    /// </exception>
    /// <exception cref="InvalidOperationException">A forward that is being captured captures another.</exception>
    /// <exception cref="PlatformNotSupportedException">libtorch's tracer is not reached on this system, or with this libtorch.</exception>
    public static ModelGraph Graph(nn.Module model, object example, params object[] more)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(more);
        return GraphCapture.Run(CapturedModel.Of(model, [example, .. more]), layers: null);
    }

    /// <summary>
    /// The graph of a model from one recording, without the proof: for shapes, names and what meets where, in a hundredth of the time.
    /// </summary>
    /// <param name="model">Any model in float, in any mode, on any device.</param>
    /// <param name="example">An input as the model takes it, with its batch dimension.</param>
    /// <param name="more">The further inputs of a model that takes several.</param>
    /// <returns>The graph, with the example's shapes and the parameters as they are now.</returns>
    /// <remarks>
    /// Sizes are those of the example, and what depends on values is not noticed. Whoever computes with a graph wants <see cref="Graph"/>.
    /// </remarks>
    /// <exception cref="CaptureException">
    /// The model fails on the example, computes something that a graph can't say, or libtorch's tracer is not reached.
    /// </exception>
    public static ModelGraph Sketch(nn.Module model, object example, params object[] more)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(more);
        using var sketch = GraphSketch.Of(() => CapturedModel.Of(model, [example, .. more]));
        return sketch.Graph(ModelGrids.None);
    }
}
