using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineActivations()
    {
        Define("F.relu", x => [relu(x)]);
        Define("F.relu6", x => [relu6(x)]);
        Define("F.elu", x => [elu(x, 1)]);
        Define("F.celu", x => [celu(x, 1)]);
        Define("F.selu", x => [selu(x)]);
        Define("F.gelu", x => [gelu(x)]);
        Define("F.silu", x => [silu(x)]);
        Define("F.mish", x => [mish(x)]);
        Define("F.sigmoid", x => [sigmoid(x)]);
        Define("F.tanh", x => [tanh(x)]);
        Define("F.hardtanh", x => [hardtanh(x)]);
        Define("F.hardsigmoid", x => [hardsigmoid(x)]);
        Define("F.hardswish", x => [hardswish(x)]);
        Define("F.hardshrink", x => [hardshrink(x)]);
        Define("F.softshrink", x => [softshrink(x)]);
        Define("F.softplus", x => [softplus(x)]);
        Define("F.softsign", x => [softsign(x)]);
        Define("F.tanhshrink", x => [tanhshrink(x)]);
        Define("F.logsigmoid", x => [logsigmoid(x)]);
        Define("F.leaky_relu", x => [leaky_relu(x)]);
        Define("F.leaky_relu slope", x => [leaky_relu(x, 0.2)]);
        Define("F.elu alpha", x => [elu(x, 0.5)]);
        Define("F.softplus beta", x => [softplus(x, 2, 1)]);
        Define("F.threshold", x => [threshold(x, 0.3, -0.7)]);
        Define("F.prelu", (x, w) => [prelu(x, w)]);
        Define("F.rrelu", x => [rrelu(x)]);
        Define("F.glu", x => [glu(x, 1)]);
        Define("F.softmax", x => [softmax(x, 1), log_softmax(x, -1), softmin(x, 2)]);
        Define("softmax2d", x => [softmax2d(x)]);
        Define("F.relu in place", x => [relu(x, true)]);
    }
}
