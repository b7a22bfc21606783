using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>One step of long short-term memory: the next hidden and cell states.</summary>
public sealed class LSTMCell : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)>
{
    private static readonly Op Step = new("aten::lstm_cell");

    private readonly long _hidden;

    internal LSTMCell(long input, long hidden, bool hasBias, Device device, ScalarType? dtype) : base(nameof(LSTMCell))
    {
        _hidden = hidden;
        RecurrentWeights.Register(this, "", 4, input, hidden, hasBias, device, dtype);
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

    public override (Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0)
    {
        if (h0_c0 is { } given) return Forward(input, given.Item1, given.Item2);
        using var zero = zeros([input.shape[0], _hidden], dtype: input.dtype, device: input.device);
        return Forward(input, zero, zero);
    }

    public new (Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

    private (Tensor, Tensor) Forward(Tensor input, Tensor hidden, Tensor cell)
        => Step.Call2(input, new[] { hidden, cell }, weight_ih, weight_hh, bias_ih, bias_hh);
}
