using AdaQat.Probing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>The hooks on one layer: before a call they quantize its input and lend it a quantized weight, after it they put the latent weight back.</summary>
internal sealed class AttachedLayer : IDisposable
{
    private const string WeightQuantizerName = "weight_quantizer";
    private const string ActivationQuantizerName = "activation_quantizer";

    private readonly QuantizableLayer _layer;
    private readonly WeightQuantizer _weightQuantizer;
    private readonly SharedInput _input;
    private readonly bool _ownsWeight;
    private readonly bool _ownsInput;
    private readonly Action _removeHooks;
    private Parameter? _lentWeight;
    private Tensor? _quantizedInput;
    private bool _isBaked;
    private (ScalarType Type, DeviceType Device, int Index)? _place;

    /// <param name="layer">The layer.</param>
    /// <param name="weightQuantizer">Quantizes its weight.</param>
    /// <param name="input">Quantizes its input.</param>
    /// <param name="ownsWeight">Whether the quantizer of the weight is registered here: it is on the first of the layers that share it.</param>
    /// <param name="ownsInput">The same for the input's.</param>
    public AttachedLayer(QuantizableLayer layer, WeightQuantizer weightQuantizer, SharedInput input, bool ownsWeight, bool ownsInput)
    {
        (_layer, _weightQuantizer, _input, _ownsWeight, _ownsInput) = (layer, weightQuantizer, input, ownsWeight, ownsInput);
        if (ownsWeight)
        {
            layer.Module.register_module(WeightQuantizerName, weightQuantizer);
        }

        if (ownsInput)
        {
            layer.Module.register_module(ActivationQuantizerName, input.Quantizer);
        }

        var before = layer.Module.register_forward_pre_hook((_, x) => Before(x));
        var after = layer.Module.register_forward_hook((_, _, output) => After(output));
        _removeHooks = () =>
        {
            before.remove();
            after.remove();
        };
        Follow();
    }

    public nn.Module Module => _layer.Module;

    public TensorMemory WeightMemory => _layer.WeightMemory;

    /// <summary>Watches the gradient of the quantized weight in steps that estimate; null before there is a model.</summary>
    public Sensitivities? Sensitivities { get; set; }

    public static bool IsAttached(nn.Module module) =>
        module.named_children().Any(child => child.name is WeightQuantizerName or ActivationQuantizerName);

    /// <summary>The weight that a call would compute with now.</summary>
    public Tensor QuantizeWeight()
    {
        PutBack();
        return _isBaked ? _layer.LatentWeight.alias() : _weightQuantizer.Quantize(_layer.LatentWeight);
    }

    /// <summary>Makes <paramref name="quantized"/> the latent weight, which is from now on used as it is.</summary>
    public void WriteWeight(Tensor quantized)
    {
        _layer.LatentWeight.copy_(quantized);
        _isBaked = true;
    }

    /// <summary>Ends the loan of the quantized weight; needed here where a forward threw, since TorchSharp runs no post-hook then.</summary>
    public void PutBack()
    {
        if (_lentWeight is not null)
        {
            _layer.Field = _layer.LatentWeight;
            _lentWeight.Dispose();
            _lentWeight = null;
        }

        if (_quantizedInput is not null)
        {
            _input.Release(_quantizedInput);
            _quantizedInput = null;
        }
    }

    /// <summary>Brings the quantizers to the layer's device and type: TorchSharp's own layers do not pass a move on to what was registered on them.</summary>
    public void Follow()
    {
        var weight = _layer.LatentWeight;
        var place = (weight.dtype, weight.device_type, weight.device_index);
        if (_place != place)
        {
            Move(_weightQuantizer, weight);
            Move(_input.Quantizer, weight);
            _place = place;
        }
    }

    /// <summary>Leaves the layer as it was. An optimizer may still hold the quantizers' parameters, so they are not disposed here.</summary>
    public void Detach()
    {
        PutBack();
        _removeHooks();
        if (_ownsWeight)
        {
            _layer.Module.register_module(WeightQuantizerName, null!);
        }

        if (_ownsInput)
        {
            _layer.Module.register_module(ActivationQuantizerName, null!);
        }
    }

    public void Dispose()
    {
        PutBack();
        _weightQuantizer.Dispose();
        _input.Quantizer.Dispose();
    }

    /// <summary>What a quantizer owns lives as long as the quantizer, whatever dispose scope is open where it is made or moved.</summary>
    private static void Move(nn.Module<Tensor, Tensor> quantizer, Tensor weight)
    {
        quantizer.to(weight.device, weight.dtype);
        foreach (var tensor in quantizer.parameters().Concat(quantizer.buffers()))
        {
            tensor.DetachFromDisposeScope();
        }
    }

    private Tensor Before(Tensor input)
    {
        PutBack();
        Follow();
        if (_input.Sample is not null)
        {
            _input.Observe(input);
            return input;
        }

        _quantizedInput = _input.Read(input);
        if (!_isBaked)
        {
            var latent = _layer.LatentWeight;
            var quantized = _weightQuantizer.Quantize(latent);
            quantized = Sensitivities?.Watch(
                quantized, latent, _weightQuantizer, _weightQuantizer.Width, samples: input.dim() > 1 ? input.shape[0] : 1) ?? quantized;
            _lentWeight = new Parameter(quantized, quantized.requires_grad);
            _layer.Field = _lentWeight;
        }

        return _quantizedInput;
    }

    private Tensor After(Tensor output)
    {
        PutBack();
        return output;
    }
}
