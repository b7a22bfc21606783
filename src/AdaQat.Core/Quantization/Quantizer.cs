using AdaQat.Isolation;
using AdaQat.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Maps a real tensor onto a grid: a layer's weight, its input, or one that several layers read. Derive from it, and from
/// <see cref="QuantizerOptions"/>, for a family of your own.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="nn.Module{T, TResult}.forward"/> returns a new tensor of the input's shape, type and device with the grid's values
/// (fake quantization), differentiable with respect to the input and to parameters of the quantizer. <see cref="Encode"/> says which
/// integers those are, and must agree with it to the bit. Both read <see cref="BitWidth.Bits"/> at every call.
/// </para>
/// <para>
/// A quantizer is a module: call <c>RegisterComponents()</c> in your constructor, and its parameters are found by the model's
/// <c>parameters()</c> and <c>state_dict()</c> while it is attached. TorchSharp moves a module's fields and public properties by name: a
/// class must not hide or override a property by one of another type, which attaching refuses.
/// </para>
/// </remarks>
public abstract partial class Quantizer : nn.Module<Tensor, Tensor>, IIsolated
{
    private readonly BackwardGuard _ownGuard = new();
    private BackwardGuard? _modelsGuard;
    // TorchSharp's Module disposes what is registered, and replaces this field by its name when it moves to another device.
#pragma warning disable CA2213, IDE0044
    private Tensor width_bits;
#pragma warning restore CA2213, IDE0044
    private readonly Lock _starting = new();
    private QuantizerState? _beforeStart;
    private volatile bool _isStarted;
    private volatile int _bitsHandedOut;
    private int _isolations;

    /// <summary>Makes a quantizer that reads <paramref name="width"/>.</summary>
    /// <param name="width">The width it quantizes to.</param>
    /// <param name="options">The choices it is made with; null where there are none.</param>
    protected Quantizer(BitWidth width, QuantizerOptions? options = null)
        : base(nameof(Quantizer))
    {
        ArgumentNullException.ThrowIfNull(width);
        (Width, Options) = (width, options);
        width_bits = zeros([], dtype: ScalarType.Int64).Fill(width.Bits).DetachFromDisposeScope();
        register_buffer(nameof(width_bits), width_bits);
    }

    /// <summary>The width it quantizes to; may be shared with other quantizers.</summary>
    public BitWidth Width { get; }

    /// <summary>The choices it was made with; null where there are none.</summary>
    public QuantizerOptions? Options { get; }

    /// <summary>
    /// Whether parameters that start from data have had theirs, or need none. It must follow from parameters and buffers alone, such as one
    /// that is NaN before, so that it is right after these were loaded.
    /// </summary>
    /// <remarks>
    /// Where not, an attached quantizer calls <see cref="Calibrate"/> in the first forward in training mode with gradient. Any other
    /// forward, such as an evaluation before training, uses the range of its own batch and keeps nothing. Of a weight the batch is the
    /// weight.
    /// </remarks>
    public virtual bool IsCalibrated => true;

    /// <summary>
    /// Starts the parameters from data, whatever they were: called without gradient, with a weight, with the first batch of an input, or by
    /// <see cref="QuantizedModel.Calibrate(IEnumerable{Tensor})"/> with samples of several. Does nothing by default.
    /// </summary>
    /// <param name="input">
    /// The weight, or a batch of the layer's input. NaN and infinity in it are no data: where there is nothing else, or only zeros, leave
    /// <see cref="IsCalibrated"/> as it is. The tensor then goes on as it is.
    /// </param>
    public virtual void Calibrate(Tensor input)
    {
    }

    /// <summary>The integers that <c>forward</c> maps onto, at the width in force, and their grid.</summary>
    /// <param name="input">What would be given to <c>forward</c>; finite.</param>
    /// <returns>Codes and grid, the caller's to dispose; decoding them gives what <c>forward</c> returns, to the bit.</returns>
    /// <exception cref="ArgumentException">The input holds NaN, or is empty.</exception>
    public abstract EncodedTensor Encode(Tensor input);

    /// <summary>What has to be stored of a weight beside its codes. By default one scale for the whole tensor.</summary>
    /// <param name="shape">The weight's shape.</param>
    protected internal virtual WeightStorage Storage(IReadOnlyList<long> shape) => new(Scales: 1);

    /// <summary>
    /// For a quantizer whose options infer the width: N as it follows from its parameters, before it is held within its range; null (the
    /// default) where nothing is inferred.
    /// </summary>
    /// <returns>
    /// One number with a gradient to the parameters, by operators that autograd knows. <see cref="BitWidthOptimizer.Step"/> lets λ ·
    /// ∂L_hard/∂N flow back through it into their gradients.
    /// </returns>
    protected internal virtual Tensor? InferWidth() => null;

    /// <summary>How it quantizes, besides the width, in a word or two for the summary; null for nothing to say.</summary>
    /// <param name="weight">The latent weight; null for an input.</param>
    protected internal virtual string? Describe(Tensor? weight) => null;

    /// <summary>
    /// What a user should know of the choices made, given a weight that training begins with; null for nothing. It completes the sentence
    /// "Layer 'x': …" of a warning.
    /// </summary>
    /// <param name="weight">The latent weight.</param>
    protected internal virtual string? DoubtAbout(Tensor weight) => null;

    /// <summary>
    /// For a checkpoint without one of this quantizer's parameters or buffers, of a version that did not have it or of a network in float:
    /// the value that means what was computed there.
    /// </summary>
    /// <param name="name">The parameter or buffer, by its name in this quantizer.</param>
    /// <param name="options">The options of the checkpoint's quantizer, by name; null where there was none.</param>
    /// <returns>A new tensor; null for the value that is here already.</returns>
    protected internal virtual Tensor? FormerValue(string name, IReadOnlyDictionary<string, string>? options) => null;

    /// <summary>What it was made by and for; null for one that no plan of widths made.</summary>
    internal QuantizerOrigin? Origin { get; set; }

    /// <summary>The name under which the state has the integer width.</summary>
    internal const string BitsName = nameof(width_bits);

    /// <summary>Whether its forwards are to leave no trace, as in probes of this model or of another.</summary>
    internal bool IsIsolated => Volatile.Read(ref _isolations) > 0;

    /// <summary>Guards its backward passes: the model's while attached, its own before and after.</summary>
    internal BackwardGuard BackwardGuard
    {
        get => _modelsGuard ?? _ownGuard;
        set => _modelsGuard = value;
    }

    /// <summary>
    /// For a custom autograd function of a quantizer: its <c>backward</c> computes and returns through this. An exception there would end
    /// the process, since native code calls it: it is kept, and raised by the next call of the model or of <see
    /// cref="BitWidthOptimizer.Step"/>. And gradients are disposed as soon as libtorch has taken them, all else that is made on the way at
    /// once; left to dispose scopes, they stay in memory until the step ends, and on a GPU, where the backward pass runs on a thread
    /// without a scope, until the garbage collector comes.
    /// </summary>
    /// <param name="gradients">Makes the gradients: new tensors, which nobody else holds, and null for an argument without one.</param>
    /// <param name="substitutes">Makes what is returned where that fails: tensors of NaN of the same shapes.</param>
    public List<Tensor> RunBackward(Func<List<Tensor>> gradients, Func<List<Tensor>> substitutes)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(substitutes);
        return BackwardGuard.Run(gradients, substitutes);
    }

    /// <summary>
    /// Whether a forward now may change parameters and buffers for those after it: in training mode with gradient, and not one that is to
    /// leave no trace, as a probe is.
    /// </summary>
    protected bool MayKeepState => training && is_grad_enabled() && !IsIsolated;

    /// <summary>
    /// Takes an inferred width over from the parameters as they are now; a quantizer whose options infer it calls this at the start of its
    /// <c>forward</c> and <see cref="Encode"/>, before it reads <see cref="BitWidth.Bits"/>. It waits for the device.
    /// </summary>
    protected internal void ReadWidth()
    {
        if (Width.IsInferred && !Width.IsFrozen)
        {
            using var guard = no_grad();
            using var scope = NewDisposeScope();
            if (InferWidth() is { } inferred)
            {
                Width.Infer(inferred.to(ScalarType.Float64).cpu().item<double>());
            }
        }
    }

    /// <summary>Raises what went wrong in the last backward pass; a quantizer calls it at the start of its <c>forward</c>.</summary>
    protected void ThrowIfBackwardFailed() => BackwardGuard.ThrowIfFaulted();

    /// <summary>
    /// What a call makes of <paramref name="input"/>, once calibrated, always in a tensor of its own, and nothing else the call made: a
    /// quantizer that leaves something as it is may return the very tensor it was given, which is not ours to dispose.
    /// </summary>
    internal Tensor Quantize(Tensor input)
    {
        TakeOverLoadedBits();
        if (input.numel() == 0)
        {
            // No rows, as an expert without tokens has: there is nothing to quantize and nothing to learn.
            return input.alias();
        }

        if (!_isStarted)
        {
            // One thread at a time tries a range out; what the others see is never that one.
            lock (_starting)
            {
                if (!HasStarted())
                {
                    return MayKeepState ? Start(input) : WithItsOwnRange(input);
                }
            }
        }

        return Compute(input);
    }

    /// <summary>Starts from <paramref name="input"/> for good, unless it has started already.</summary>
    internal void StartOnce(Tensor input)
    {
        lock (_starting)
        {
            if (input.numel() > 0 && !HasStarted())
            {
                CalibrateWith(input);
            }
        }
    }

    /// <summary>What a forward started is kept from now on.</summary>
    internal void KeepStart() => Interlocked.Exchange(ref _beforeStart, null)?.Dispose();

    /// <summary>Takes back what the last forward started, since its step was refused.</summary>
    internal void UndoStart()
    {
        if (_beforeStart is not null)
        {
            _beforeStart.Restore();
            _isStarted = false;
            KeepStart();
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
    {
        // Whoever asks for the state may write to it: then what is there now is not what was handed out.
        _isStarted = false;
        if (_bitsHandedOut == 0 || Width.Allowed.Contains(StateBits()))
        {
            TakeOverLoadedBits();
            ReadWidth();
            using var noGradient = no_grad();
            Width.ForgetLoaded();
            width_bits.Fill(Width.Bits);
            _bitsHandedOut = Width.Bits;
        }

        return base.named_buffers(recurse, include_nonpersistent);
    }

    /// <summary>Its parameters and buffers, for whoever writes nothing to them but what they were: no state is handed out.</summary>
    internal IEnumerable<Tensor> StateTensors() => parameters().Concat(base.named_buffers().Select(b => b.buffer));

    /// <summary>Where a state was loaded since it was handed out, the width becomes the loaded one.</summary>
    /// <exception cref="InvalidOperationException">The width does not allow that.</exception>
    internal void TakeOverLoadedBits()
    {
        if (_bitsHandedOut == 0)
        {
            return;
        }

        // Several quantizers share a width.
        lock (Width)
        {
            if (_bitsHandedOut is not 0 and var before)
            {
                var now = StateBits();
                Width.Load(now, isOther: now != before);
                _bitsHandedOut = 0;
            }
        }
    }

    void IIsolated.BeginIsolation() => Interlocked.Increment(ref _isolations);

    void IIsolated.EndIsolation() => Interlocked.Decrement(ref _isolations);

    /// <summary>The quantizer is on its own again.</summary>
    internal void LeaveModel() => _modelsGuard = null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            KeepStart();
            _ownGuard.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Refuses a class that <c>Module.to</c> would fail on.</summary>
    /// <exception cref="ArgumentException">Two public properties of the class have one name.</exception>
    internal void RequireDistinctProperties()
    {
        if (GetType().GetProperties().GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"The quantizer {GetType().Name} has two public properties '{twice.Key}', one hidden by the other: TorchSharp moves "
                + "a module's properties by name. "
                + "Give the new one another name, or override it with the same type.");
        }
    }

    /// <summary>Refuses a class that does not tell the width that its options say it infers.</summary>
    /// <exception cref="InvalidOperationException">It returns null.</exception>
    internal void RequireInference()
    {
        using var scope = NewDisposeScope();
        if (Width.IsInferred && InferWidth() is null)
        {
            throw new InvalidOperationException(
                $"{Options?.GetType().Name} says that widths are inferred, but {GetType().Name}.{nameof(InferWidth)} returns null.");
        }
    }

    private int StateBits()
    {
        using var host = width_bits.cpu();
        return (int)host.item<long>();
    }

    private bool HasStarted() => _isStarted || (_isStarted = IsCalibratedNow());

    private bool IsCalibratedNow()
    {
        using var scope = NewDisposeScope();
        return IsCalibrated;
    }

    private Tensor Compute(Tensor input)
    {
        using var scope = NewDisposeScope();
        var quantized = call(input);
        return (ReferenceEquals(quantized, input) ? input.alias() : quantized).MoveToOuterDisposeScope();
    }

    private Tensor Start(Tensor input)
    {
        KeepStart();
        var before = new QuantizerState(this);
        CalibrateWith(input);
        if (!HasStarted())
        {
            before.Dispose();
            return input.alias();
        }

        _beforeStart = before;
        return Compute(input);
    }

    /// <summary>Without gradient: the range is gone when the backward pass would ask for it.</summary>
    private Tensor WithItsOwnRange(Tensor input)
    {
        var quantized = QuantizeAndForget(input);
        RequireStateFromTensors();
        if (!is_grad_enabled() || !input.requires_grad)
        {
            return quantized;
        }

        using (quantized)
        {
            using var scope = NewDisposeScope();
            return input.Add((quantized - input).detach()).MoveToOuterDisposeScope();
        }
    }

    private Tensor QuantizeAndForget(Tensor input)
    {
        using var before = new QuantizerState(this);
        using var noGradient = no_grad();
        try
        {
            CalibrateWith(input);
            return IsCalibratedNow() ? Compute(input) : input.alias();
        }
        finally
        {
            before.Restore();
        }
    }

    /// <exception cref="InvalidOperationException">The class says that it has a range, which was taken from its tensors.</exception>
    private void RequireStateFromTensors()
    {
        if (HasStarted())
        {
            throw new InvalidOperationException(
                $"{GetType().Name}.IsCalibrated is true after its parameters and buffers were put back to where it was false: it must "
                + "follow from them alone, such as from a parameter that is NaN before.");
        }
    }

    private void CalibrateWith(Tensor input)
    {
        // In no scope of ours: what it makes here may be the quantizer's to keep.
        using var guard = no_grad();
        Calibrate(input);
    }
}
