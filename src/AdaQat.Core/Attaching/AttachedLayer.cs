using AdaQat.Diagnostics;
using AdaQat.Gradients;
using AdaQat.Quantization;
using AdaQat.Tracing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>
/// The hooks on one layer: before a call they quantize its input and lend it a quantized weight, after it they put the latent weight back.
/// </summary>
internal sealed class AttachedLayer : IDisposable
{
    private const string WeightQuantizerName = "weight_quantizer";
    private const string ActivationQuantizerName = "activation_quantizer";

    private readonly QuantizableLayer _layer;
    private readonly Quantizer _weightQuantizer;
    private readonly SharedInput _input;
    private readonly AttachmentState _state;
    private readonly bool _ownsWeight;
    private readonly bool _ownsInput;
    private readonly LayerCalls _calls;
    private readonly Action _removeHooks;
    private volatile bool _isBaked;
    private QuantizationGrid? _bakedGrid;
    private ScalarType _bakedType;
    private volatile Place? _place;

    /// <summary>Registers the quantizers on the layer, each on the first of the layers that share it, and the hooks.</summary>
    public AttachedLayer(LayerQuantizers quantizers, GradientOptions? gradients, AttachmentState state)
    {
        Gradients = gradients;
        (_layer, _weightQuantizer, _input, _state) = (quantizers.Traced.Layer, quantizers.Weight, quantizers.Input, state);
        (_ownsWeight, _ownsInput) = (quantizers.OwnsWeight, quantizers.OwnsInput);
        _calls = new LayerCalls(_layer);
        _weightQuantizer.BackwardGuard = _input.Quantizer.BackwardGuard = state.Guard;
        if (_ownsWeight)
        {
            _layer.Module.register_module(WeightQuantizerName, _weightQuantizer);
        }

        if (_ownsInput)
        {
            _layer.Module.register_module(ActivationQuantizerName, _input.Quantizer);
        }

        var before = _layer.Module.register_forward_pre_hook((_, x) => Before(x));
        var after = _layer.Module.register_forward_hook((_, read, output) => After(read, output));
        _removeHooks = () =>
        {
            before.remove();
            after.remove();
        };
        Follow();
    }

    public nn.Module Module => _layer.Module;

    /// <summary>How the gradient of the output is quantized; null where it is not.</summary>
    public GradientOptions? Gradients { get; }

    public Tensor LatentWeight => _layer.LatentWeight;

    /// <summary>Which part of the latent weight is quantized and computed with; null for all of it.</summary>
    public Func<Tensor, Tensor>? WeightView { get; set; }

    public TensorMemory WeightMemory => _layer.WeightMemory;

    /// <summary>Whether a model, or a part of it, is attached.</summary>
    public static bool IsInside(nn.Module model) => model.named_modules().Select(m => m.module).Append(model).Any(IsAttached);

    /// <summary>Whether a module is a layer that is attached.</summary>
    public static bool IsAttached(nn.Module module) =>
        module.named_children().Any(child => child.name is WeightQuantizerName or ActivationQuantizerName);

    /// <summary>The weight that a call would compute with now.</summary>
    public Tensor QuantizeWeight()
    {
        PutBack();
        return _isBaked ? _layer.LatentWeight.alias() : QuantizeLatent();
    }

    /// <summary>Makes <paramref name="quantized"/> the latent weight, which is from now on used as it is.</summary>
    /// <param name="quantized">What <see cref="QuantizeWeight"/> gave.</param>
    /// <param name="grid">Its grid; null where the quantizer says none.</param>
    public void WriteWeight(Tensor quantized, QuantizationGrid? grid)
    {
        _layer.LatentWeight.copy_(quantized);
        (_isBaked, _bakedGrid, _bakedType) = (true, grid, quantized.dtype);
    }

    /// <summary>The weight that a call would compute with now, and its grid; null where it is left in float.</summary>
    /// <returns>The values are the caller's to dispose.</returns>
    /// <exception cref="NotSupportedException">The weight was baked by a quantizer that says no grid.</exception>
    public (Tensor Values, QuantizationGrid Grid)? EncodeWeight()
    {
        var weight = _layer.LatentWeight;
        // A baked weight is what it is; in another type than it was baked in, its grid's values would be rounded otherwise.
        if (_weightQuantizer.Width.IsUnquantized || (_isBaked && weight.dtype != _bakedType))
        {
            return null;
        }

        if (_isBaked)
        {
            return (weight.alias(), _bakedGrid ?? throw new NotSupportedException(
                $"{_weightQuantizer.GetType().Name} had no grid to tell when the weight was baked."));
        }

        using var encoded = _weightQuantizer.Encode(weight);
        return (encoded.Grid.Decode(encoded.Codes, weight.dtype), encoded.Grid);
    }

    /// <summary>
    /// Ends the loan of the quantized weight; needed here where a forward threw, since TorchSharp runs no post-hook then.
    /// </summary>
    public void PutBack() => _calls.Settle();

    /// <summary>
    /// Brings the quantizers to the layer's device and type: TorchSharp's own layers do not pass a move on to what was registered on them.
    /// </summary>
    public void Follow()
    {
        if (_state.IsHeld)
        {
            return;
        }

        var weight = _layer.LatentWeight;
        var place = new Place(weight.dtype, weight.device_type, weight.device_index);
        if (_place != place)
        {
            lock (_state.Moving)
            {
                Move(_weightQuantizer, weight);
                Move(_input.Quantizer, weight);
                _place = place;
            }
        }
    }

    /// <summary>
    /// Leaves the layer as it was. An optimizer may still hold the quantizers' parameters, so they are not disposed here.
    /// </summary>
    public void Detach()
    {
        _calls.Dispose();
        _removeHooks();
        if (_ownsWeight)
        {
            _layer.Module.register_module(WeightQuantizerName, null!);
        }

        if (_ownsInput)
        {
            _layer.Module.register_module(ActivationQuantizerName, null!);
        }

        _weightQuantizer.LeaveModel();
        _input.Quantizer.LeaveModel();
    }

    public void Dispose()
    {
        _calls.Dispose();
        _weightQuantizer.Dispose();
        _input.Quantizer.Dispose();
    }

    /// <summary>What a quantizer owns lives as long as the quantizer, whatever dispose scope is open where it is made or moved.</summary>
    private static void Move(nn.Module<Tensor, Tensor> quantizer, Tensor weight)
    {
        // The first forward after a move may be one in inference mode, whose tensors could not be trained.
        using var lasting = inference_mode(false);
        quantizer.to(weight.device, weight.dtype);
        foreach (var tensor in quantizer.parameters().Concat(quantizer.buffers()))
        {
            tensor.DetachFromDisposeScope();
        }
    }

    private Tensor Before(Tensor input)
    {
        if (_state.HooksRest)
        {
            _input.InputObserver?.Invoke(input);
            return input;
        }

        Follow();
        var isAlone = _state.Threads.IsAlone;
        var trains = is_grad_enabled() && !_weightQuantizer.IsIsolated;
        // Baked weights are the layer's own: nothing is lent, and nothing learned of their widths.
        var learns = trains && !_isBaked;
        var turn = _state.Threads.Enter(learns);
        if (_input.IsObserved)
        {
            _state.Threads.RequireSince(turn);
            PutBack();
            _input.Observe(input);
            return input;
        }

        if (_state.FloatRequests > 0 && !_state.IsHeld)
        {
            return input;
        }

        var call = Begin(isAlone: learns || isAlone);
        try
        {
            (call.Input, var values) = _input.Read(input, _state, trains, learns);
            if (!_isBaked)
            {
                _calls.Lend(call, Quantized(learns, samples: input.dim() > 1 ? input.shape[0] : 1));
            }

            _state.Threads.RequireSince(turn);
            return values;
        }
        catch
        {
            _calls.End();
            throw;
        }
    }

    private LayerCall Begin(bool isAlone)
    {
        try
        {
            return _calls.Begin(isAlone);
        }
        catch (InvalidOperationException)
        {
            _state.Threads.Withdraw();
            throw;
        }
    }

    private Tensor Quantized(bool learns, long samples)
    {
        var quantized = QuantizeLatent();
        return learns && _state.Observer is { } observer
            ? observer.Watch(quantized, _layer.LatentWeight, _weightQuantizer, samples) : quantized;
    }

    private Tensor QuantizeLatent()
    {
        var latent = _layer.LatentWeight;
        if (WeightView?.Invoke(latent) is not { } part || ReferenceEquals(part, latent))
        {
            return _weightQuantizer.Quantize(latent);
        }

        using (part)
        {
            return _weightQuantizer.Quantize(part);
        }
    }

    private Tensor After(Tensor read, Tensor output)
    {
        _calls.End();
        GC.KeepAlive(read);
        if (Gradients is null || _input.IsObserved || _state.FloatRequests > 0 || !output.requires_grad || !is_grad_enabled())
        {
            return output;
        }

        var watched = GradientFunction.Apply(output, Gradients, _state.Guard);
        output.Dispose();
        return watched;
    }

    /// <summary>Where a layer is, and its type.</summary>
    private sealed record Place(ScalarType Type, DeviceType Device, int Index);
}
