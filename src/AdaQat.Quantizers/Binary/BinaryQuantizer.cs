using AdaQat.Quantizers.Binary;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// Weights of one bit as the literature has them (BWN and XNOR-Net, arXiv 1603.05279): ŵ = α·sign(w), α = mean|w| of the tensor, channel
/// or group, and sign(0) = 1.
/// </summary>
/// <remarks>
/// Codes are 0 for −α and 1 for α, with the grid 2α·(code − ½): no zero. The gradient is as <see cref="BinaryOptions.Gradient"/> says.
/// What is all zeros stays zeros and passes the gradient on unchanged.
/// </remarks>
public sealed class BinaryQuantizer : Quantizer
{
    /// <summary>The family's only width.</summary>
    public const int Bits = 1;

    private readonly BinaryOptions _options;

    /// <summary>Makes a quantizer.</summary>
    /// <param name="width">One bit, fixed.</param>
    /// <param name="options">Granularity and gradient; null for the defaults.</param>
    /// <exception cref="ArgumentException">The width is another, or an option is outside what is allowed.</exception>
    public BinaryQuantizer(BitWidth width, BinaryOptions? options = null)
        : this(options ?? new BinaryOptions(), width)
    {
    }

    private BinaryQuantizer(BinaryOptions options, BitWidth width)
        : base(width, options)
    {
        Requests.RequireWidth(width, nameof(BinaryQuantizer), Bits, Bits);
        options.Validate();
        _options = options;
        RegisterComponents();
    }

    /// <summary>ŵ, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">The latent weight: floating point, any shape, at least one element.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty, or the granularity does not fit its shape.</exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, nameof(BinaryQuantizer));
        return BinaryFunction.Apply(input, _options, this);
    }

    /// <inheritdoc/>
    protected override WeightStorage Storage(IReadOnlyList<long> shape) => new(_options.Granularity.ScalesFor(shape));

    /// <summary>0 and 1, with the grid 2α·(code − ½).</summary>
    /// <param name="input">The latent weight: floating point, any shape, at least one element, finite.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty or holds NaN or infinity.</exception>
    public override EncodedTensor Encode(Tensor input)
    {
        Inputs.RefuseWithoutCodes(input, nameof(BinaryQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var scale = BinaryScale.Of(input, _options);
        var codes = BinaryOperators.Codes(input, scale, _options.Granularity);
        var list = Granules.List(scale.Mul(2));
        var grid = new UniformGrid(list, [.. Enumerable.Repeat(-0.5, list.Length)], _options.Granularity, 0, 1);
        return new EncodedTensor(codes, grid, input.dtype);
    }
}
