using AdaQat.Quantizers.DoReFa;
using AdaQat.Quantizers.Kernels;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// DoReFa's weight quantizer (arXiv 1606.06160, eq. 9): t = tanh(w), u = t/(2·max|t|) + 1/2, ŵ = c·(2·q_k(u) − 1), with
/// q_k(u) = round(u·s)/s and s = 2^k − 1; round goes half to even and has gradient 1 (straight-through).
/// </summary>
/// <remarks>
/// The gradient is autograd's of that formula, the maximum included; none flows through c. A weight that is all zeros stays zeros
/// and receives the gradient unchanged.
/// </remarks>
public sealed class DoReFaWeightQuantizer : WeightQuantizer
{
    private readonly DoReFaOptions _options;

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k.</param>
    /// <param name="options">Transform and scale; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside what is allowed.</exception>
    public DoReFaWeightQuantizer(BitWidth width, DoReFaOptions? options = null)
        : this(options ?? new DoReFaOptions(), width)
    {
    }

    private DoReFaWeightQuantizer(DoReFaOptions options, BitWidth width)
        : base(width, options)
    {
        options.Validate();
        _options = options;
        RegisterComponents();
    }

    /// <summary>ŵ, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">The latent weight: floating point, any shape, at least one element.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, nameof(DoReFaWeightQuantizer));
        return DoReFaFunction.Apply(input, Width.Bits, _options, this);
    }
}
