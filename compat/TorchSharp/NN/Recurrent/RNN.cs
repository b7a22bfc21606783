using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Elman's recurrent network over a sequence: all outputs, and the last hidden state.</summary>
public sealed class RNN : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
{
    private static readonly Op RunTanh = new("aten::rnn_tanh", "input");
    private static readonly Op RunRelu = new("aten::rnn_relu", "input");

    private readonly RecurrentShape _shape;
    private readonly Op _run;

    internal RNN(RecurrentShape shape, nn.NonLinearities nonLinearity, Device device, ScalarType? dtype) : base(nameof(RNN))
    {
        (_shape, _run) = (shape, nonLinearity == nn.NonLinearities.ReLU ? RunRelu : RunTanh);
        RecurrentWeights.RegisterLayers(this, 1, shape, device, dtype);
    }

    public override (Tensor, Tensor) forward(Tensor input, Tensor h0)
    {
        using var zero = h0 is null ? RecurrentWeights.NoState(input, _shape) : null;
        return _run.Call2(input, h0 ?? zero, RecurrentWeights.Of(this), _shape.HasBias, _shape.Layers, _shape.Dropout, training,
            _shape.Bidirectional, _shape.BatchFirst);
    }

    public new (Tensor, Tensor) call(Tensor input, Tensor h0 = null) => base.call(input, h0);

    /// <inheritdoc cref="LSTM.flatten_parameters"/>
    public void flatten_parameters()
    {
    }
}
