using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Normalisation by statistics of the batch, the layer, a group or an instance.
        public static partial class functional
        {
            public static Tensor batch_norm(Tensor input, Tensor running_mean, Tensor running_var, Tensor weight = null,
                Tensor bias = null, bool training = false, double momentum = 0.1, double eps = 1e-05)
                => Aten.BatchNorm.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor weight = null, Tensor bias = null,
                double eps = 1e-05)
                => Aten.LayerNorm.Call(input, normalized_shape, weight, bias, eps, true);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor weight = null, Tensor bias = null, double eps = 1e-05)
                => Aten.GroupNorm.Call(input, num_groups, weight, bias, eps, true);

            public static Tensor instance_norm(Tensor input, Tensor running_mean = null, Tensor running_var = null, Tensor weight = null,
                Tensor bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-05)
                => Aten.InstanceNorm.Call(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);

            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using var norm = Aten.NormScalarOptDim.Call(input, p, Sizes(dim), true);
                using var divisor = norm.clamp_min(eps);
                return input.div(divisor);
            }

            public static Tensor local_response_norm(Tensor input, long size, double alpha = 0.0001, double beta = 0.75, double k = 1)
            {
                using var scope = NewDisposeScope();
                // The window runs over channels: they become the rows of an image whose columns are the positions.
                var squares = input.square().reshape(input.shape[0], 1, input.shape[1], -1);
                var windows = avg_pool2d(pad(squares, Sizes(0, 0, size / 2, (size - 1) / 2)), Sizes(size, 1), Sizes(1, 1));
                return input.div(windows.reshape(input.shape).mul(alpha).add(k).pow(beta)).MoveToOuterDisposeScope();
            }
        }
    }
}

file static class Aten
{
    internal static readonly Op BatchNorm = new("aten::batch_norm");
    internal static readonly Op GroupNorm = new("aten::group_norm");
    internal static readonly Op InstanceNorm = new("aten::instance_norm");
    internal static readonly Op LayerNorm = new("aten::layer_norm");
    internal static readonly Op NormScalarOptDim = new("aten::norm", "ScalarOpt_dim");
}
