using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Tensors compared to the last bit: two NaN are equal, 0 and −0 are not.</summary>
internal static class Bits
{
    public static byte[] Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().contiguous().bytes.ToArray();
    }

    /// <summary>Parameters and buffers by name.</summary>
    public static Dictionary<string, byte[]> OfState(nn.Module model) => model.state_dict().ToDictionary(e => e.Key, e => Of(e.Value));

    /// <summary>The gradients of all parameters by name; none where there is none.</summary>
    public static Dictionary<string, byte[]> OfGradients(nn.Module model) =>
        model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad is { } gradient ? Of(gradient) : []);

    /// <summary>What an optimizer of TorchSharp saves.</summary>
    public static byte[] OfOptimizer(OptimizerHelper optimizer)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            optimizer.save_state_dict(writer);
        }

        return stream.ToArray();
    }

    /// <summary>The state of torch's generator.</summary>
    public static byte[] OfRandomState()
    {
        using var generator = Generator.Default;
        using var state = generator.get_state();
        return Of(state);
    }
}
