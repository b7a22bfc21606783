using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search;

/// <summary>A network of its own that has the channels of a plan: the user's model, built by the user's builder.</summary>
public sealed class DerivedNetwork : IDisposable
{
    internal DerivedNetwork(ChannelPlan plan, nn.Module<Tensor, Tensor> model, QuantizedModel? quantized) =>
        (Plan, Model, Quantized) = (plan, model, quantized);

    /// <summary>Its channels.</summary>
    public ChannelPlan Plan { get; }

    /// <summary>The model.</summary>
    public nn.Module<Tensor, Tensor> Model { get; }

    /// <summary>The model as quantized, by the search's scheme; null where it was searched in float.</summary>
    public QuantizedModel? Quantized { get; }

    /// <summary>Detaches the quantizers, and disposes them and the model.</summary>
    public void Dispose()
    {
        Quantized?.Dispose();
        Model.Dispose();
    }
}
