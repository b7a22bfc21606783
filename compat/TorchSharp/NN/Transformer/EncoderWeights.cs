using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>One encoder layer of a transformer, normalised after each of its two parts, with its parameters registered on a module.</summary>
internal sealed class EncoderWeights
{
    private readonly nn.Module _module;
    private readonly string _prefix;
    private readonly EncoderShape _shape;
    private readonly AttentionWeights _attention;

    public EncoderWeights(nn.Module module, string prefix, EncoderShape shape)
    {
        (_module, _prefix, _shape) = (module, prefix, shape);
        _attention = new AttentionWeights(
            module, $"{prefix}self_attn.",
            new AttentionShape(shape.Size, shape.Heads, shape.Dropout, true, false, false, shape.Size, shape.Size));
        RegisterLinear("linear1", shape.Size, shape.Inner);
        RegisterLinear("linear2", shape.Inner, shape.Size);
        RegisterNorm("norm1");
        RegisterNorm("norm2");
    }

    public Tensor Encode(Tensor source, Tensor mask, Tensor paddingMask)
    {
        using var scope = NewDisposeScope();
        var attended = _attention.Attend(source, source, source, paddingMask, needWeights: false, mask).Output;
        var x = Norm("norm1", source + Drop(attended));
        var inner = Linear("linear1", x);
        inner = _shape.Activation == nn.Activations.GELU ? nn.functional.gelu(inner) : nn.functional.relu(inner);
        return Norm("norm2", x + Drop(Linear("linear2", Drop(inner)))).MoveToOuterDisposeScope();
    }

    private Tensor Drop(Tensor x) => nn.functional.dropout(x, _shape.Dropout, _module.training);

    private Tensor Linear(string name, Tensor x) => nn.functional.linear(x, Find($"{name}.weight"), Find($"{name}.bias"));

    private Tensor Norm(string name, Tensor x) => nn.functional.layer_norm(x, [_shape.Size], Find($"{name}.weight"), Find($"{name}.bias"));

    private Parameter Find(string name) => NamedWeights.Find(_module, _prefix + name);

    private void RegisterLinear(string name, long input, long output)
    {
        var bound = 1 / Math.Sqrt(input);
        Register($"{name}.weight", nn.init.kaiming_uniform_(empty(output, input), Math.Sqrt(5)));
        Register($"{name}.bias", nn.init.uniform_(empty(output), -bound, bound));
    }

    private void RegisterNorm(string name)
    {
        Register($"{name}.weight", ones(_shape.Size));
        Register($"{name}.bias", zeros(_shape.Size));
    }

    private void Register(string name, Tensor value) => NamedWeights.Register(_module, _prefix + name, value);
}
