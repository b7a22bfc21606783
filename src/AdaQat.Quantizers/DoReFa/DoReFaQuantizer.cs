using AdaQat.Quantizers.DoReFa;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// DoReFa's weight quantizer (arXiv 1606.06160, eq. 9): t = tanh(w) or w, u = t/(2·max|t|) + 1/2, ŵ = c·(2·q_k(u) − 1), with
/// q_k(u) = round(u·s)/s and s = 2^k − 1; round goes half to even and has gradient 1 (straight-through).
/// </summary>
/// <remarks>
/// Its grid is symmetric, has 2^k values and no zero: ŵ = (2c/s)·(q − s/2) with codes q from 0 to s. The gradient is autograd's of that
/// formula, the maximum included; none flows through c. A weight that is all zeros stays zeros and receives the gradient unchanged.
/// </remarks>
public sealed class DoReFaQuantizer : Quantizer, ITransformedWeight
{
    private const long Unknown = -1;

    private readonly DoReFaOptions _options;
    private DoReFaOptions _inForce;
    // TorchSharp's Module disposes what is registered, and replaces this field by its name when it moves to another device.
#pragma warning disable CA2213, IDE0044
    private Tensor? transform;
#pragma warning restore CA2213, IDE0044
    private long _transformElsewhere = Unknown;

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
        _options = _inForce = options;
        if (options.Transform == WeightTransform.Auto)
        {
            transform = zeros([], dtype: ScalarType.Int64).Fill((long)WeightTransform.Auto).DetachFromDisposeScope();
        }

        RegisterComponents();
    }

    /// <summary>
    /// What is applied to the weight: as chosen, or, with <see cref="WeightTransform.Auto"/>, as it was found; null before that, while each
    /// call goes by the weight it is given.
    /// </summary>
    /// <remarks>
    /// What was found is part of the state. On the CPU every call reads it; from another device it is fetched once, and again after the
    /// state was handed out, where it may have been written to.
    /// </remarks>
    /// <exception cref="InvalidOperationException">A state was loaded that holds something else.</exception>
    public WeightTransform? Transform
    {
        get
        {
            if (transform is null)
            {
                return _options.Transform;
            }

            var value = transform.device_type == DeviceType.CPU ? transform.item<long>() : Elsewhere(transform);
            return value switch
            {
                (long)WeightTransform.Tanh => WeightTransform.Tanh,
                (long)WeightTransform.Linear => WeightTransform.Linear,
                (long)WeightTransform.Auto => null,
                _ => throw new InvalidOperationException(
                    $"The state of a {nameof(DoReFaQuantizer)} has {value} for '{nameof(transform)}'; allowed are 0 (Tanh), 1 (Linear) and "
                    + "2 (Auto, not found yet)."),
            };
        }
    }

    /// <summary>Whether the transform is known.</summary>
    public override bool IsCalibrated => Transform is not null;

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
    {
        _transformElsewhere = Unknown;
        return base.named_buffers(recurse, include_nonpersistent);
    }

    /// <inheritdoc/>
    public override Tensor? get_buffer(string target)
    {
        _transformElsewhere = Unknown;
        return base.get_buffer(target);
    }

    /// <summary>
    /// With <see cref="WeightTransform.Auto"/>: finds the transform that suits the finite elements of <paramref name="input"/>. Where all
    /// are zero, or none is finite, nothing changes.
    /// </summary>
    /// <param name="input">The latent weight.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override void Calibrate(Tensor input)
    {
        Inputs.RefuseEmpty(input, nameof(DoReFaQuantizer));
        if (transform is not null && TransformChoice.For(input) is { } found)
        {
            using var guard = no_grad();
            transform.Fill((long)found);
            _transformElsewhere = (long)found;
        }
    }

    /// <summary>ŵ, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">The latent weight: floating point, any shape, at least one element.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, nameof(DoReFaQuantizer));
        return DoReFaFunction.Apply(input, Width.Bits, OptionsFor(input), this);
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
        var options = OptionsFor(input);
        var codes = DoReFaOperators.Codes(input, Width.Bits, options.Transform).to(ScalarType.Int32);
        return new EncodedTensor(codes, new UniformGrid(Scale(input, options), -steps / 2.0, 0, steps), input.dtype);
    }

    /// <summary>u·s: where elements lie among the codes 0 to s.</summary>
    /// <param name="weight">The latent weight: floating point, any shape, at least one element, not all zeros.</param>
    public Tensor PlacesOf(Tensor weight)
    {
        Inputs.RefuseEmpty(weight, nameof(DoReFaQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (t, m) = Transformed(weight);
        return (t / m.Mul(2)).Add(0.5).Mul(Grid.Steps(Width.Bits)).MoveToOuterDisposeScope();
    }

    /// <summary>The other way: the weight w whose u·s is given, with max|t| as it is of another weight.</summary>
    /// <inheritdoc/>
    public Tensor WeightAt(Tensor places, Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(places);
        Inputs.RefuseEmpty(weight, nameof(DoReFaQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var m = Transformed(weight).Largest;
        var t = places.to(ScalarType.Float64).Div(Grid.Steps(Width.Bits)).Mul(2).Sub(1) * m;
        return (OptionsFor(weight).Transform == WeightTransform.Tanh ? t.atanh() : t.alias()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override string? Describe(Tensor? weight) => Transform switch
    {
        WeightTransform.Tanh => "tanh",
        WeightTransform.Linear => "linear",
        _ when weight is null => null,
        _ => (TransformChoice.For(weight) == WeightTransform.Linear ? "linear" : "tanh") + " so far",
    };

    /// <inheritdoc/>
    protected override string? DoubtAbout(Tensor weight) =>
        _options.Transform == WeightTransform.Tanh
            && TransformChoice.Damage(weight) is > TransformChoice.LargestDamage and var damage
            ? FormattableString.Invariant($"tanh alone, before anything is rounded, changes its weight by {damage:P0} (relative error), ")
                + $"which no width gives back; {nameof(WeightTransform)}.{nameof(WeightTransform.Auto)} or "
                + $"{nameof(WeightTransform.Linear)} keeps it."
            : null;

    /// <summary>What the checkpoint's quantizer computed with; of a network in float, and of another family, it is to be found.</summary>
    /// <inheritdoc/>
    protected override Tensor? FormerValue(string name, IReadOnlyDictionary<string, string>? options) =>
        name != nameof(transform)
            ? null
            : zeros([], dtype: ScalarType.Int64).Fill((long)(
                options is not null && options.TryGetValue(nameof(DoReFaOptions.Transform), out var saved)
                && Enum.TryParse<WeightTransform>(saved, out var former) ? former : WeightTransform.Auto));

    /// <summary>t and max|t|, in float64.</summary>
    private (Tensor T, Tensor Largest) Transformed(Tensor weight)
    {
        var t = weight.detach().to(ScalarType.Float64);
        t = OptionsFor(weight).Transform == WeightTransform.Tanh ? t.tanh() : t;
        return (t, t.abs().max());
    }

    /// <summary>The options with the transform in force; a weight of zeros is the same with any.</summary>
    private DoReFaOptions OptionsFor(Tensor weight)
    {
        var found = Transform ?? TransformChoice.For(weight) ?? WeightTransform.Tanh;
        var known = _inForce;
        return known.Transform == found ? known : _inForce = _options with { Transform = found };
    }

    /// <summary>Fetched once; several threads may ask at a time.</summary>
    private long Elsewhere(Tensor value)
    {
        var known = Volatile.Read(ref _transformElsewhere);
        if (known == Unknown)
        {
            using var host = value.cpu();
            known = host.item<long>();
            Volatile.Write(ref _transformElsewhere, known);
        }

        return known;
    }

    /// <summary>Of the path that computes the values, since sums that are made in another order may round otherwise.</summary>
    private double Scale(Tensor input, DoReFaOptions options) => FusedDoReFa.Serves(input, options)
        ? FusedDoReFa.Forward(input, Width.Bits, options).Range.Scale
        : DoReFaOperators.GridScale(input, Width.Bits, options).to(ScalarType.Float64).item<double>();
}
