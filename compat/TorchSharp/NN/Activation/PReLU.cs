using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x where it is positive, else a learned multiple of it: one for all channels or one for each.</summary>
public sealed class PReLU : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter _weight;

    internal PReLU(long num_parameters, double init, Device device, ScalarType? dtype) : base(nameof(PReLU))
    {
        this.num_parameters = num_parameters;
        this.init = init;
        weight = nn.Parameter(empty(num_parameters, dtype: dtype, device: device));
        nn.init.constant_(_weight, init);
    }

    public long num_parameters { get; private set; }

    public double init { get; private set; }

    public Parameter weight
    {
        get => _weight;
        set
        {
            if (value.Handle == _weight?.Handle) return;
            _weight?.Dispose();
            _weight = value.DetachFromDisposeScope() as Parameter;
            ConditionallyRegisterParameter(nameof(weight), _weight);
        }
    }

    public override Tensor forward(Tensor tensor) => nn.functional.prelu(tensor, _weight);

    public override string GetName() => nameof(PReLU);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _weight?.Dispose();
        base.Dispose(disposing);
    }
}
