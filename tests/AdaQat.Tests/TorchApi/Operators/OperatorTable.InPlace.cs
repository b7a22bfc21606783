namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineInPlace()
    {
        Define("in place arithmetic", (a, b) => [a.add_(b).mul_(b).sub_(b).div_(b).add_(1.5).mul_(0.5)]);
        Define("in place addc", (a, b, c) => [a.addcmul_(b, c, 0.5).addcdiv_(b, c, 0.5).lerp_(b, c)]);
        Define("in place pointwise", a => [a.abs_().sqrt_().exp_().log_().neg_().tanh_().clamp_(-0.5, 0.5)]);
        Define("in place masks", (a, m, i) => [a.masked_fill_(m, 0.5).index_fill_(0, i, 0.25).relu_()]);
        Define("in place shape", a => [a.squeeze_(1).unsqueeze_(0).transpose_(0, 1)]);
    }
}
