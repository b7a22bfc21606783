using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients by one factor, so that their common norm is at most the given one; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                var grads = tensors.Select(parameter => parameter.grad).Where(grad => grad is not null).ToList();
                if (grads.Count == 0) return 0;

                var total = TotalNorm(grads, norm_type);
                var factor = Math.Min(max_norm / (total + 1e-6), 1.0);
                foreach (var grad in grads) grad.mul_(factor);
                return total;
            }

            /// <summary>Keeps every element of every gradient within ±<paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                foreach (var parameter in tensors) parameter.grad?.clamp_(-clip_value, clip_value);
            }

            private static double TotalNorm(List<Tensor> grads, double type)
            {
                var norms = grads.Select(grad => double.IsPositiveInfinity(type) ? grad.abs().max() : grad.norm((float)type)).ToArray();
                var all = stack(norms);
                return (double.IsPositiveInfinity(type) ? all.max() : all.norm((float)type)).to(ScalarType.Float64).item<double>();
            }
        }
    }
}
