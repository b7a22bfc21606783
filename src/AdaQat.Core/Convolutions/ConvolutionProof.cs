using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Convolutions;

/// <summary>Holds convolutions in float32 beside the same ones in float64.</summary>
internal static class ConvolutionProof
{
    /// <summary>
    /// By how much a result may differ, as a share of the largest: float32 stays below 1e-5, and what was seen wrong was off by a third.
    /// </summary>
    private const double Tolerance = 1e-2;

    /// <summary>
    /// Samples, channels in, channels out, the kernel and the image's sides, all seen to be wrong. They are small, since the C library
    /// takes large memory from the system; and there again, since one may be right by chance.
    /// </summary>
    private static readonly (int Samples, int Input, int Output, int Kernel, int Side)[] Sizes =
        [(2, 3, 4, 3, 8), (2, 13, 9, 3, 8), (2, 17, 16, 3, 8), (2, 3, 4, 3, 8), (2, 13, 9, 3, 8), (2, 17, 16, 3, 8)];

    /// <param name="compute">Output, gradient of the input and gradient of the weight, as <see cref="Gradients"/> gives them.</param>
    public static string? Fault(Func<Tensor, Tensor, Tensor[]> compute)
    {
        // Tensors of an inference mode of the caller's have no gradients.
        using var ordinary = inference_mode(false);
        using var scope = NewDisposeScope();
        UseMemory();
        string[] names = ["output", "gradient by the input", "gradient by the weight"];
        foreach (var (samples, input, output, kernel, side) in Sizes)
        {
            var (x, w) = (Waves(samples, input, side, side), Waves(output, input, kernel, kernel));
            var differences = compute(x, w).Zip(Gradients(x.to(ScalarType.Float64), w.to(ScalarType.Float64)), Difference).ToList();
            if (differences.FindIndex(d => !(d <= Tolerance)) is >= 0 and var place)
            {
                return string.Create(CultureInfo.InvariantCulture, $"""
                    libtorch's convolutions in float32 are wrong on this processor: for {samples} images of {input} channels, {output}
                    channels out and a kernel of {kernel}, the {names[place]} is off by {differences[place]:0.##} of its largest
                    value. Training would go wrong without a word. Call CpuConvolutions.TryTurnOneDnnOff() before it, or use another
                    machine.
                    """).ReplaceLineEndings(" ");
            }
        }

        return null;
    }

    /// <summary>Output, gradient of the input and gradient of the weight, of a sum with changing factors.</summary>
    public static Tensor[] Gradients(Tensor x, Tensor w)
    {
        using var enabled = enable_grad();
        using var scope = NewDisposeScope();
        var (input, weight) = (x.detach().requires_grad_(true), w.detach().requires_grad_(true));
        var output = nn.functional.conv2d(input, weight, padding: [w.shape[2] / 2, w.shape[3] / 2]);
        var factors = Waves(output.shape).to(x.dtype);
        var gradients = autograd.grad([output], [input, weight], [factors]);
        return [.. new[] { output.detach() }.Concat(gradients).Select(t => t.MoveToOuterDisposeScope())];
    }

    /// <summary>
    /// Has memory at hand that was used before. Memory that is fresh from the system holds zeros, and what computes with memory that it
    /// should have written first is right there, by chance: so it was seen at the beginning of a process.
    /// </summary>
    private static void UseMemory()
    {
        const int Pieces = 64;
        const long Floats = 6000;
        var pieces = Enumerable.Range(0, Pieces).Select(_ => ones(Floats)).ToList();
        // Every other one stays for now, so that no large piece goes back to the system.
        pieces.Where((_, place) => place % 2 == 0).ToList().ForEach(piece => piece.Dispose());
    }

    /// <summary>Numbers between −1 and 1 without a pattern that channels share.</summary>
    private static Tensor Waves(params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return tensor([.. Enumerable.Range(0, (int)count).Select(i => (float)Math.Sin((1.7 * i) + (0.01 * i * i)))]).view(shape);
    }

    private static double Difference(Tensor seen, Tensor wanted)
    {
        using var scope = NewDisposeScope();
        return ((seen.to(ScalarType.Float64) - wanted).abs().max() / wanted.abs().max()).item<double>();
    }
}
