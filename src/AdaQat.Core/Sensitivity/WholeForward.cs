using static TorchSharp.torch;

namespace AdaQat.Sensitivity;

/// <summary>Whole forwards of the model, with its quantizers at rest.</summary>
internal sealed class WholeForward : IBatchForward
{
    private readonly QuantizedModel _model;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Tensor _input;

    public WholeForward(QuantizedModel model, nn.Module<Tensor, Tensor> module, Tensor input)
    {
        (_model, _module, _input) = (model, module, input);
        Output = Forward();
    }

    public Tensor Output { get; }

    public int NodeCount => 0;

    public (Tensor Output, int Computed) Changed(SensitivityTarget target, Func<Tensor, Tensor> quantize) =>
        (target.Kind == QuantizerTarget.Weight ? WithWeight(target, quantize) : WithInput(target, quantize), 0);

    public void Dispose() => Output.Dispose();

    /// <summary>The latent weight is quantized for the time of the forward, and has its own values again afterwards, to the bit.</summary>
    private Tensor WithWeight(SensitivityTarget target, Func<Tensor, Tensor> quantize)
    {
        using var guard = no_grad();
        var latent = target.Layers[0].Attached.LatentWeight;
        using var kept = latent.clone();
        using var quantized = quantize(latent);
        latent.copy_(quantized);
        try
        {
            return Forward();
        }
        finally
        {
            latent.copy_(kept);
        }
    }

    private Tensor WithInput(SensitivityTarget target, Func<Tensor, Tensor> quantize)
    {
        var made = new List<Tensor>();
        var hooks = target.Layers.Select(layer => ((nn.Module<Tensor, Tensor>)layer.Attached.Module).register_forward_pre_hook((_, input) =>
        {
            made.Add(quantize(input));
            return made[^1];
        })).ToList();
        try
        {
            return Forward();
        }
        finally
        {
            hooks.ForEach(hook => hook.remove());
            made.ForEach(tensor => tensor.Dispose());
        }
    }

    private Tensor Forward()
    {
        using var guard = no_grad();
        using var rest = _model.InFloat();
        using var scope = NewDisposeScope();
        // A model may write to its input.
        return _module.call(_input.clone()).DetachFromDisposeScope();
    }
}
