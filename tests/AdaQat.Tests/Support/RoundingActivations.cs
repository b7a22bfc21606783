using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

internal sealed class RoundingActivations : Quantizer
{
    private readonly Parameter scale = new(ones(1));
    private readonly Tensor started = zeros(1, dtype: ScalarType.Int64);

    public RoundingActivations(BitWidth width, bool isSigned)
        : base(width)
    {
        IsSigned = isSigned;
        RegisterComponents();
    }

    public bool IsSigned { get; }

    public int Calls { get; private set; }

    public int Calibrations { get; private set; }

    public bool WasCalibratedWithGradient { get; private set; }

    public Parameter Scale => scale;

    public override bool IsCalibrated => started.item<long>() != 0;

    public override void Calibrate(Tensor input)
    {
        Calibrations++;
        WasCalibratedWithGradient |= is_grad_enabled();
        started.fill_(1);
    }

    public override Tensor forward(Tensor input)
    {
        Calls++;
        using var rounded = RoundingScheme.Round(input, Width.Bits);
        return rounded * scale;
    }

    public override EncodedTensor Encode(Tensor input) => throw new NotSupportedException();
}
