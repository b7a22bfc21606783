using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="CodebookQuantizer"/>, for weights of 1 to 8 bits.</summary>
public sealed record CodebookOptions : QuantizerOptions
{
    /// <summary>How often k-means assigns weights and moves levels, 1 to 1000; it costs little. Default 30.</summary>
    public int Iterations { get; init; } = 30;

    /// <summary>
    /// Whether the gradient of a level, the sum over the n weights that have it, is divided by √n, as LSQ divides its step's: a level then
    /// takes steps of a weight's size at a weight's learning rate. Without it, as Deep Compression has it, levels need a learning rate of
    /// their own, a thousandth or less. Default true.
    /// </summary>
    public bool ScalesLevelGradient { get; init; } = true;

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Kernels, nameof(Kernels));
        if (Iterations is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(Iterations), Iterations, $"Iterations is {Iterations}; allowed are 1 to 1000.");
        }
    }

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        Requests.RequireWeight(request, nameof(CodebookOptions));
        Requests.RequireWidth(request, nameof(CodebookOptions), CodebookQuantizer.MinimumBits, CodebookQuantizer.MaximumBits);
        return new CodebookQuantizer(request.Width, this);
    }
}
