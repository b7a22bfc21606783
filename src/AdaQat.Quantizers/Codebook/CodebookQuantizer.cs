using AdaQat.Quantizers.Codebook;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// Weights that share 2^k levels of any spacing (Deep Compression, arXiv 1510.00149): k-means finds the levels, from evenly spaced ones,
/// and training moves them, each by the sum of the gradients of the weights that have it, over the root of their number.
/// </summary>
/// <remarks>
/// <para>
/// A weight has the level that it is nearest to, of two equally near ones the smaller, and receives the gradient unchanged
/// (straight-through). The codes are places in the table of levels in ascending order.
/// </para>
/// <para>
/// Levels belong to a width. They start in the first training forward, and start anew, by k-means on the weights as they are then, in the
/// first training forward at another width. A forward without gradient or in eval mode at a width that they do not belong to, such as a
/// probe, uses the levels that would start there and keeps nothing. What an optimizer knows of levels, momenta above all, is of those
/// before.
/// </para>
/// </remarks>
public sealed class CodebookQuantizer : Quantizer
{
    /// <summary>The smallest width.</summary>
    public const int MinimumBits = 1;

    /// <summary>The largest width.</summary>
    public const int MaximumBits = LevelTable.MaximumBits;

    private readonly CodebookOptions _options;
    // TorchSharp's Module disposes what is registered, and replaces these fields when it moves to another device or type.
#pragma warning disable CA2213, IDE0044
    private Parameter levels;
    private Tensor levels_bits;
#pragma warning restore CA2213, IDE0044

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k, 1 to 8 bits.</param>
    /// <param name="options">How k-means runs; null for the defaults.</param>
    /// <exception cref="ArgumentException">The width is another, or an option is outside what is allowed.</exception>
    public CodebookQuantizer(BitWidth width, CodebookOptions? options = null)
        : this(options ?? new CodebookOptions(), width)
    {
    }

    private CodebookQuantizer(CodebookOptions options, BitWidth width)
        : base(width, options)
    {
        Requests.RequireWidth(width, nameof(CodebookQuantizer), MinimumBits, MaximumBits);
        options.Validate();
        _options = options;
        levels = new Parameter(zeros(1 << width.Maximum));
        levels_bits = zeros([], dtype: ScalarType.Int64);
        RegisterComponents();
    }

    /// <summary>
    /// The levels, in any order: as many as the widest width has. Those that the width in force does not use are 0, and stay so.
    /// </summary>
    public Parameter Levels => levels;

    /// <summary>Whether the levels have started.</summary>
    public override bool IsCalibrated => BitsOfLevels() != 0;

    /// <inheritdoc/>
    protected override WeightStorage Storage(IReadOnlyList<long> shape) => new(Scales: 1, HasLevels: true);

    /// <summary>
    /// Starts the levels of the width in force by k-means on the finite elements. Where all are zero, or none is finite, nothing changes.
    /// </summary>
    /// <param name="input">The weight.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override void Calibrate(Tensor input)
    {
        Inputs.RefuseEmpty(input, nameof(CodebookQuantizer));
        using var started = CodebookOperators.Start(input, Width.Bits, _options.Iterations);
        if (started is not null)
        {
            Keep(started);
        }
    }

    /// <summary>ŵ, of <paramref name="input"/>'s shape, type and device. A weight of zeros stays as it is.</summary>
    /// <param name="input">The latent weight: floating point, any shape, at least one element.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, nameof(CodebookQuantizer));
        using var scope = NewDisposeScope();
        if (MayKeepState && BitsOfLevels() != Width.Bits)
        {
            Calibrate(input);
        }

        var quantized = InForce(input) is { } table
            ? CodebookFunction.Apply(input, table, _options, this)
            : StraightThroughFunction.Apply(input, input, this);
        return quantized.MoveToOuterDisposeScope();
    }

    /// <summary>The places of the weights' levels among those in ascending order, from 0.</summary>
    /// <param name="input">The latent weight: floating point, any shape, at least one element, finite.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty or holds NaN or infinity.</exception>
    public override EncodedTensor Encode(Tensor input)
    {
        Inputs.RefuseWithoutCodes(input, nameof(CodebookQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var table = InForce(input) ?? zeros([1], dtype: input.dtype, device: input.device);
        var numbers = table.Add(0).to(ScalarType.Float64).cpu().data<double>().ToArray();
        return new EncodedTensor(CodebookOperators.Codes(input, table), new LevelGrid(numbers), input.dtype);
    }

    /// <summary>
    /// The levels at the width in force in ascending order: those that are learned, or those that would start here; null for zeros.
    /// </summary>
    private Tensor? InForce(Tensor input)
    {
        var bits = Width.Bits;
        if (BitsOfLevels() != bits)
        {
            return CodebookOperators.Start(input, bits, _options.Iterations);
        }

        var (sorted, _) = levels.narrow(0, 0, 1 << bits).to(input.dtype).sort();
        return sorted;
    }

    private void Keep(Tensor started)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        levels.zero_();
        levels.narrow(0, 0, started.shape[0]).copy_(started);
        levels_bits.Fill(Width.Bits);
    }

    private long BitsOfLevels()
    {
        using var host = levels_bits.cpu();
        return host.item<long>();
    }
}
