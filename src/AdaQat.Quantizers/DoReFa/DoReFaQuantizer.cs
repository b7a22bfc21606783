using AdaQat.Quantizers.DoReFa;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// DoReFa's weight quantizer (arXiv 1606.06160, eq. 9): t = tanh(w), u = t/(2·max|t|) + 1/2, ŵ = c·(2·q_k(u) − 1), with
/// q_k(u) = round(u·s)/s and s = 2^k − 1; round goes half to even and has gradient 1 (straight-through).
/// </summary>
/// <remarks>
/// Its grid is symmetric, has 2^k values and no zero: ŵ = (2c/s)·(q − s/2) with codes q from 0 to s. The gradient is autograd's of that
/// formula, the maximum included; none flows through c. A weight that is all zeros stays zeros and receives the gradient unchanged.
/// </remarks>
public sealed class DoReFaQuantizer : Quantizer
{
    private readonly DoReFaOptions _options;

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k.</param>
    /// <param name="options">Transform and scale; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside what is allowed.</exception>
    public DoReFaQuantizer(BitWidth width, DoReFaOptions? options = null)
        : this(options ?? new DoReFaOptions(), width)
    {
    }

    private DoReFaQuantizer(DoReFaOptions options, BitWidth width)
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
        Inputs.RefuseEmpty(input, nameof(DoReFaQuantizer));
        return DoReFaFunction.Apply(input, Width.Bits, _options, this);
    }

    /// <summary>q, with the grid (2c/s)·(q − s/2).</summary>
    /// <param name="input">The latent weight: floating point, any shape, at least one element, finite.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty or holds NaN or infinity.</exception>
    public override EncodedTensor Encode(Tensor input)
    {
        Inputs.RefuseWithoutCodes(input, nameof(DoReFaQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var steps = (int)Grid.Steps(Width.Bits);
        var codes = DoReFaOperators.Codes(input, Width.Bits, _options.Transform).to(ScalarType.Int32);
        return new EncodedTensor(codes, new UniformGrid(Scale(input), -steps / 2.0, 0, steps), input.dtype);
    }

    /// <summary>Of the path that computes the values, since sums that are made in another order may round otherwise.</summary>
    private double Scale(Tensor input) => FusedDoReFa.Serves(input, _options)
        ? FusedDoReFa.Forward(input, Width.Bits, _options).Range.Scale
        : DoReFaOperators.GridScale(input, Width.Bits, _options).to(ScalarType.Float64).item<double>();
}
