using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What batch and instance normalization share: an affine map per feature and running statistics.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(bias))]
    private Parameter _bias;

    [ComponentName(Name = nameof(weight))]
    private Parameter _weight;

    [ComponentName(Name = nameof(running_mean))]
    private Tensor _running_mean;

    [ComponentName(Name = nameof(running_var))]
    private Tensor _running_var;

    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor _num_batches_tracked;

    public NormBase(
        long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device device, ScalarType? dtype,
            string name)
        : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;

        if (affine)
        {
            weight = nn.Parameter(ones(num_features, dtype, device));
            bias = nn.Parameter(zeros(num_features, dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = tensor(0L, dtype, device);
        }
    }

    public long num_features { get; private set; }

    public double eps { get; set; }

    /// <summary>The weight of a new batch in the running statistics; null stands for the plain average over all batches.</summary>
    public double? momentum { get; set; }

    public bool affine { get; private set; }

    public bool track_running_stats { get; private set; }

    public Parameter bias
    {
        get => _bias;
        set
        {
            _bias?.Dispose();
            _bias = value?.DetachFromDisposeScope() as Parameter;
            ConditionallyRegisterParameter(nameof(bias), _bias);
        }
    }

    public Parameter weight
    {
        get => _weight;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(weight));
            if (value.Handle == _weight?.Handle) return;
            _weight?.Dispose();
            _weight = value.DetachFromDisposeScope() as Parameter;
            ConditionallyRegisterParameter(nameof(weight), _weight);
        }
    }

    public Tensor running_mean
    {
        get => _running_mean;
        set => Set(ref _running_mean, value, nameof(running_mean));
    }

    public Tensor running_var
    {
        get => _running_var;
        set => Set(ref _running_var, value, nameof(running_var));
    }

    public Tensor num_batches_tracked
    {
        get => _num_batches_tracked;
        set => Set(ref _num_batches_tracked, value, nameof(num_batches_tracked));
    }

    public void reset_parameters()
    {
        if (track_running_stats)
        {
            nn.init.zeros_(_running_mean);
            nn.init.ones_(_running_var);
            nn.init.zeros_(_num_batches_tracked);
        }
        if (!affine) return;
        nn.init.ones_(_weight);
        nn.init.zeros_(_bias);
    }

    protected abstract void ValidateInputDimensions(Tensor input);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _weight?.Dispose();
            _bias?.Dispose();
            _running_mean?.Dispose();
            _running_var?.Dispose();
            _num_batches_tracked?.Dispose();
        }
        base.Dispose(disposing);
    }

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => Move(dtype, device);

    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
        => Move(null, new Device(deviceType, deviceIndex));

    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => Move(dtype, null);

    private NormBase Move(ScalarType? dtype, Device device)
    {
        if (_weight is not null && ReplaceParameter(dtype, device, _weight, out var movedWeight)) weight = movedWeight;
        if (_bias is not null && ReplaceParameter(dtype, device, _bias, out var movedBias)) bias = movedBias;
        if (_running_mean is not null && ReplaceBuffer(dtype, device, _running_mean, out var movedMean)) running_mean = movedMean;
        if (_running_var is not null && ReplaceBuffer(dtype, device, _running_var, out var movedVar)) running_var = movedVar;
        if (_num_batches_tracked is not null && ReplaceBuffer(dtype, device, _num_batches_tracked,
            out var movedCount)) num_batches_tracked = movedCount;
        return this;
    }

    private void Set(ref Tensor buffer, Tensor value, string name)
    {
        buffer?.Dispose();
        buffer = value?.DetachFromDisposeScope();
        ConditionallyRegisterBuffer(name, buffer);
    }
}
