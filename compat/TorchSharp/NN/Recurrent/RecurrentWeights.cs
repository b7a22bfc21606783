using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What recurrent modules have in common: parameters by name, drawn evenly from ±1/√hidden, and a first state of zeros.</summary>
internal static class RecurrentWeights
{
    /// <summary>Registers the weights and biases of all layers and directions, under libtorch's names and in its order.</summary>
    /// <param name="gates">Rows of a weight for each element of the state.</param>
    public static void RegisterLayers(nn.Module module, int gates, in RecurrentShape shape, Device device, ScalarType? dtype)
    {
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var input = layer == 0 ? shape.Input : shape.Hidden * shape.Directions;
            for (var direction = 0; direction < shape.Directions; direction++)
                Register(module, $"_l{layer}{(direction == 0 ? "" : "_reverse")}", gates, input, shape.Hidden, shape.HasBias, device, dtype);
        }
    }

    /// <summary>Registers one set of weights and biases, whose names end in <paramref name="suffix"/>.</summary>
    public static void Register(
        nn.Module module, string suffix, int gates, long input, long hidden, bool hasBias, Device device, ScalarType? dtype)
    {
        var rows = gates * hidden;
        NamedWeights.Register(module, $"weight_ih{suffix}", Draw([rows, input]));
        NamedWeights.Register(module, $"weight_hh{suffix}", Draw([rows, hidden]));
        if (!hasBias) return;
        NamedWeights.Register(module, $"bias_ih{suffix}", Draw([rows]));
        NamedWeights.Register(module, $"bias_hh{suffix}", Draw([rows]));

        Tensor Draw(long[] size)
        {
            var bound = hidden > 0 ? 1 / Math.Sqrt(hidden) : 0;
            return nn.init.uniform_(empty(size, dtype: dtype, device: device), -bound, bound);
        }
    }

    /// <summary>The module's own parameters in the order in which the operators take them.</summary>
    public static Tensor[] Of(nn.Module module) => module.parameters(false).ToArray<Tensor>();

    /// <summary>A first state of zeros for each layer and direction; the caller's to dispose.</summary>
    public static Tensor NoState(Tensor input, in RecurrentShape shape)
        => zeros(
            [shape.Layers * shape.Directions, input.shape[shape.BatchFirst ? 0 : 1], shape.Hidden], dtype: input.dtype, device: input.device);
}
