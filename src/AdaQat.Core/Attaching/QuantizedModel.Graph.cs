using AdaQat.Attaching;
using AdaQat.Capture;
using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat;

public sealed partial class QuantizedModel
{
    /// <summary>The graph of what the quantized model computes, at the bits in force: for export, and to look at.</summary>
    /// <param name="example">An input as the model takes it, with its batch dimension.</param>
    /// <param name="more">The further inputs of a model that takes several.</param>
    /// <returns>
    /// The graph. Before each quantized layer a <see cref="QuantizeOperator"/> is on its input, one for all layers that read a tensor; a
    /// quantized weight is a constant of the grid's values with that grid behind it, which gives back the codes. Uneven levels of a weight
    /// that are whole multiples of one step, such as powers of two, have the evenly spaced grid of all multiples.
    /// </returns>
    /// <remarks>As <see cref="ModelCapture"/> says; replay proves the graph in float and quantized. The widths stay as they are.</remarks>
    /// <exception cref="ArgumentException">The model takes something else, or input or output hold something else than tensors.</exception>
    /// <exception cref="CaptureException">
    /// As <see cref="ModelCapture.Graph"/> says; or a quantizer has no range yet, or its grid is none that a graph has.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model is detached.</exception>
    /// <exception cref="PlatformNotSupportedException">libtorch's tracer is not reached on this system, or with this libtorch.</exception>
    public ModelGraph Graph(object example, params object[] more)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(more);
        RequireAttached();
        Settle();
        ThrowIfBackwardFailed();
        return GraphCapture.Run(CapturedModel.Of(Model, [example, .. more]), new CapturedLayers(this, _state));
    }

    /// <summary>The graph of what the model computes in float, without its quantizers, whose ranges need not have started.</summary>
    /// <param name="example">An input as the model takes it, with its batch dimension.</param>
    /// <param name="more">The further inputs of a model that takes several.</param>
    /// <returns>The graph; weights are the latent ones.</returns>
    /// <remarks>As <see cref="ModelCapture"/> says.</remarks>
    /// <exception cref="ArgumentException">The model takes something else, or input or output hold something else than tensors.</exception>
    /// <exception cref="CaptureException">As <see cref="ModelCapture.Graph"/> says.</exception>
    /// <exception cref="InvalidOperationException">The model is detached.</exception>
    /// <exception cref="PlatformNotSupportedException">libtorch's tracer is not reached on this system, or with this libtorch.</exception>
    public ModelGraph FloatGraph(object example, params object[] more)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(more);
        RequireAttached();
        Settle();
        using var rest = new CapturedLayers(this, _state).Rest();
        return GraphCapture.Run(CapturedModel.Of(Model, [example, .. more]), layers: null);
    }

    /// <summary>The graph of what the model computes in float, from one recording, not proved; or why there is none.</summary>
    internal GraphSketch Sketch(Tensor input)
    {
        RequireAttached();
        Settle();
        using var rest = new CapturedLayers(this, _state).Rest();
        return GraphSketch.Of(() => CapturedModel.Of(Model, input));
    }
}
