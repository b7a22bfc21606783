using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>A quantizer as attached layers use it in training: into memory that is there already, the gradient in its own place.</summary>
internal sealed class RecomputedPass : IDisposable
{
    private readonly ActivationQuantizer _quantizer;
    private readonly Tensor _input;
    private readonly Tensor _memory;
    private readonly Tensor _gradient;

    /// <param name="quantizer">The quantizer, which this object disposes.</param>
    /// <param name="input">What it quantizes; this object disposes it, too.</param>
    public RecomputedPass(ActivationQuantizer quantizer, Tensor input) =>
        (_quantizer, _input, _memory, _gradient) = (quantizer, input, zeros_like(input), randn_like(input));

    public void Forward() => Recomputation().Quantize(_input, _memory);

    public void Backward()
    {
        foreach (var gradient in Recomputation().Differentiate(_input, _gradient, needsInput: true))
        {
            gradient.Dispose();
        }
    }

    public void Dispose()
    {
        _gradient.Dispose();
        _memory.Dispose();
        _input.Dispose();
        _quantizer.Dispose();
    }

    private IRecomputation Recomputation() => ((IRecomputingQuantizer)_quantizer).Recomputation(_input)!;
}
