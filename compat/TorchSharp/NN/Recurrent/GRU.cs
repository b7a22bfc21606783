using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Gated recurrent units over a sequence: all outputs, and the last hidden state.</summary>
public sealed class GRU : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
{
    private static readonly Op Run = new("aten::gru", "input");

    private readonly RecurrentShape _shape;

    internal GRU(RecurrentShape shape, Device device, ScalarType? dtype) : base(nameof(GRU))
    {
        _shape = shape;
        RecurrentWeights.RegisterLayers(this, 3, shape, device, dtype);
    }

    public override (Tensor, Tensor) forward(Tensor input, Tensor h0 = null)
    {
        using var zero = h0 is null ? RecurrentWeights.NoState(input, _shape) : null;
        return Run.Call2(input, h0 ?? zero, RecurrentWeights.Of(this), _shape.HasBias, _shape.Layers, _shape.Dropout, training,
            _shape.Bidirectional, _shape.BatchFirst);
    }

    public new (Tensor, Tensor) call(Tensor input, Tensor h0 = null) => base.call(input, h0);

    /// <inheritdoc cref="LSTM.flatten_parameters"/>
    public void flatten_parameters()
    {
    }
}
