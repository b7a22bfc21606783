using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Long short-term memory over a sequence: all outputs, and the last hidden and cell states.</summary>
public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    private static readonly Op Run = new("aten::lstm", "input");

    private readonly RecurrentShape _shape;

    internal LSTM(RecurrentShape shape, Device device, ScalarType? dtype) : base(nameof(LSTM))
    {
        _shape = shape;
        RecurrentWeights.RegisterLayers(this, 4, shape, device, dtype);
    }

    public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
    {
        if (h0_c0 is { } given) return Forward(input, given.Item1, given.Item2);
        using var zero = RecurrentWeights.NoState(input, _shape);
        return Forward(input, zero, zero);
    }

    public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

    /// <summary>The weights are handed to the operator one by one; there is nothing to lay out anew.</summary>
    public void flatten_parameters()
    {
    }

    private (Tensor, Tensor, Tensor) Forward(Tensor input, Tensor hidden, Tensor cell)
        => Run.Call3(input, new[] { hidden, cell }, RecurrentWeights.Of(this), _shape.HasBias, _shape.Layers, _shape.Dropout, training,
            _shape.Bidirectional, _shape.BatchFirst);
}
