using AdaQat.Quantizers.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>One call of PACT with the kernels, at the α and the width it began with.</summary>
internal sealed class PactRecomputation(Parameter clippingValue, PactForm form) : IRecomputation
{
    private readonly double _clippingValue = FusedPact.ClippingValue(clippingValue);

    // The parameter itself may be disposed before the backward pass comes.
    private readonly long[] _shape = clippingValue.shape;

    public IReadOnlyList<Parameter> Parameters { get; } = [clippingValue];

    public void Quantize(Tensor input, Tensor result) => FusedPact.Forward(input, _clippingValue, form, result);

    public IReadOnlyList<Tensor> Differentiate(Tensor input, Tensor gradient, bool needsInput)
    {
        var value = FusedPact.Backward(gradient, input, _clippingValue, form, needsInput ? gradient : null);
        return [full(_shape, value, dtype: input.dtype)];
    }
}
