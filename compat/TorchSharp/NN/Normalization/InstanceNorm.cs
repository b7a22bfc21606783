using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalizes each feature of each sample by itself.</summary>
public abstract class InstanceNorm : NormBase
{
    public InstanceNorm(
        long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device device, ScalarType? dtype,
            string name)
        : base(num_features, eps, momentum ?? 0.1, affine, track_running_stats, device, dtype, name)
    {
    }

    /// <summary>The number of dimensions from the feature dimension on.</summary>
    protected abstract long GetNumberOfBatchDimensions();

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);

        var features = (int)(input.ndim - GetNumberOfBatchDimensions());
        if (input.size(features) != num_features)
            throw new ArgumentException(
                $"expected input's size at dim={features} to match num_features ({num_features}), but got: {input.size(features)}.");
        if (features != 0) return Normalize(input);

        using var batch = input.unsqueeze(0);
        return Normalize(batch).squeeze_(0);
    }

    private Tensor Normalize(Tensor input)
        => nn.functional.instance_norm(
            input, running_mean, running_var, weight, bias, training || !track_running_stats, momentum ?? 0.1, eps);
}
