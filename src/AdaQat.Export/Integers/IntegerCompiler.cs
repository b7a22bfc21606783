using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>From a quantized model to a network that computes in integers, with AdaQat.Runtime, what was trained.</summary>
/// <remarks>
/// Layers are sums of products of codes. Batch normalisation, bias, ReLU and clamps are in the rules that make codes of sums: exact
/// thresholds of each channel, and a multiplier, offset and shift only where those switch exactly there. Sums of layers with different
/// steps, as residual connections have, are of fixed-point numbers of 32 bits: the one place that rounds.
/// </remarks>
public static class IntegerCompiler
{
    /// <summary>The integer network of a quantized model, at the bits in force.</summary>
    /// <param name="quantized">The model; all ranges have started. It is afterwards as it was.</param>
    /// <param name="example">An input as the model takes it, with its batch dimension.</param>
    /// <param name="options">How to compile; null for the defaults.</param>
    /// <returns>The network.</returns>
    /// <exception cref="IntegerCompilerException">A part has no form in integers; the message names it and says what to do.</exception>
    /// <exception cref="CaptureException">The model's graph can't be captured, as <see cref="QuantizedModel.Graph"/> says.</exception>
    public static IntegerModel Compile(QuantizedModel quantized, object example, IntegerCompilerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(example);
        return CompileGraph(quantized.Graph(example), options);
    }

    /// <summary>The integer network of a graph with quantizers.</summary>
    /// <param name="graph">
    /// The graph, as <see cref="QuantizedModel.Graph"/> gives it: a quantizer before each layer, and behind each weight.
    /// </param>
    /// <param name="options">How to compile; null for the defaults.</param>
    /// <returns>The network.</returns>
    /// <exception cref="IntegerCompilerException">A part has no form in integers; the message names it and says what to do.</exception>
    public static IntegerModel CompileGraph(ModelGraph graph, IntegerCompilerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return IntegerLowering.Run(graph, options ?? new IntegerCompilerOptions()).Model;
    }
}
