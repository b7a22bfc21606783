using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tracing;

/// <summary>A module that computes with weights of its own that no quantizer reaches.</summary>
/// <param name="Name">Its name in the model, as <c>named_modules</c> has it.</param>
/// <param name="Kind">Its type, such as <c>LSTM</c>.</param>
/// <param name="ParameterCount">Elements of its own parameters, without those of modules below it.</param>
/// <param name="Reason">Why it stays in float.</param>
internal sealed record FloatModule(string Name, string Kind, long ParameterCount, string Reason)
{
    /// <summary>
    /// The module as one that stays in float, or null where there is nothing to quantize: it is of a kind that can be, or holds no
    /// weights of its own. Vectors, such as biases and the scales of a normalisation over one dimension, do not count as weights.
    /// </summary>
    public static FloatModule? From(string name, nn.Module module)
    {
        var own = module.named_parameters(recurse: false).Select(p => p.parameter).ToList();
        return module is Convolution or Linear or LayerNorm || !own.Exists(p => p.dim() >= 2)
            ? null
            : new FloatModule(name, module.GetType().Name, own.Sum(p => p.numel()), Why(module));
    }

    private static string Why(nn.Module module) => module switch
    {
        LSTM or GRU or RNN or LSTMCell or GRUCell or RNNCell => "recurrent weights are used inside one operator",
        MultiheadAttention => "attention's fused weights are used inside one operator",
        TransformerEncoder or TransformerEncoderLayer => "its layers are parts of one native module",
        Embedding => "a table that is looked up has no multiplications",
        ParameterList or ParameterDict => "parameters that the model uses itself",
        _ when module.GetType().Namespace == typeof(Linear).Namespace => "no quantizer for this kind of layer",
        _ => "parameters that the model uses itself",
    };
}
