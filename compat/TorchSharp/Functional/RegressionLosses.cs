using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Losses of regressions.
        public static partial class functional
        {
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => Aten.MseLoss.Call(input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => Aten.L1Loss.Call(input, target, (long)reduction);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1)
                => Aten.SmoothL1Loss.Call(input, target, (long)reduction, beta);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean)
                => Aten.HuberLoss.Call(input, target, (long)reduction, delta);

            public static Tensor poisson_nll_loss(Tensor input, Tensor target, bool log_input = true, bool full = false,
                float eps = 1e-08f, Reduction reduction = Reduction.Mean)
                => Aten.PoissonNllLoss.Call(input, target, log_input, full, (double)eps, (long)reduction);
        }
    }
}

file static class Aten
{
    internal static readonly Op HuberLoss = new("aten::huber_loss");
    internal static readonly Op L1Loss = new("aten::l1_loss");
    internal static readonly Op MseLoss = new("aten::mse_loss");
    internal static readonly Op PoissonNllLoss = new("aten::poisson_nll_loss");
    internal static readonly Op SmoothL1Loss = new("aten::smooth_l1_loss");
}
