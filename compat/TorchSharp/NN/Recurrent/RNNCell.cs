using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>One step of Elman's recurrent network: the next hidden state.</summary>
public sealed class RNNCell : nn.Module<Tensor, Tensor, Tensor>
{
    private static readonly Op StepTanh = new("aten::rnn_tanh_cell");
    private static readonly Op StepRelu = new("aten::rnn_relu_cell");

    private readonly Op _step;
    private readonly long _hidden;

    internal RNNCell(long input, long hidden, nn.NonLinearities nonLinearity, bool hasBias, Device device, ScalarType? dtype) : base(nameof(RNNCell))
    {
        _hidden = hidden;
        _step = nonLinearity == nn.NonLinearities.ReLU ? StepRelu : StepTanh;
        RecurrentWeights.Register(this, "", 1, input, hidden, hasBias, device, dtype);
    }

    public Parameter bias_hh
    {
        get => get_parameter(nameof(bias_hh));
        set => ConditionallyRegisterParameter(nameof(bias_hh), value);
    }

    public Parameter bias_ih
    {
        get => get_parameter(nameof(bias_ih));
        set => ConditionallyRegisterParameter(nameof(bias_ih), value);
    }

    public Parameter weight_hh
    {
        get => get_parameter(nameof(weight_hh));
        set => ConditionallyRegisterParameter(nameof(weight_hh), value);
    }

    public Parameter weight_ih
    {
        get => get_parameter(nameof(weight_ih));
        set => ConditionallyRegisterParameter(nameof(weight_ih), value);
    }

    public override Tensor forward(Tensor input, Tensor h0 = null)
    {
        using var zero = h0 is null ? zeros([input.shape[0], _hidden], dtype: input.dtype, device: input.device) : null;
        return _step.Call(input, h0 ?? zero, weight_ih, weight_hh, bias_ih, bias_hh);
    }
}
