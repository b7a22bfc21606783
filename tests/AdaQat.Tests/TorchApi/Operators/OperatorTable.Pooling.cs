using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefinePooling()
    {
        Define("max_pool1d", x => [max_pool1d(x, 3), max_pool1d(x, 3, 2, 1)]);
        Define("max_pool2d", x => [max_pool2d(x, 2), max_pool2d(x, 3, 2, 1), max_pool2d(x, (2, 3), (1, 2), ceil_mode: true)]);
        Define("max_pool2d indices", x => Both(max_pool2d_with_indices(x, [2, 2])));
        Define("max_pool3d", x => [max_pool3d(x, [2, 2, 2])]);
        Define("avg_pool1d", x => [avg_pool1d(x, 3), avg_pool1d(x, 3, 2, 1)]);
        Define("avg_pool2d", x =>
        [
            avg_pool2d(x, 2),
            avg_pool2d(x, [3, 3], [2, 2], [1, 1], count_include_pad: false),
            avg_pool2d(x, (2, 3), divisor_override: 5),
        ]);
        Define("avg_pool3d", x => [avg_pool3d(x, [2, 2, 2])]);
        Define("adaptive_avg_pool1d", x => [adaptive_avg_pool1d(x, 3)]);
        Define("adaptive_avg_pool2d", x => [adaptive_avg_pool2d(x, 1), adaptive_avg_pool2d(x, (2, 3))]);
        Define("adaptive_avg_pool3d", x => [adaptive_avg_pool3d(x, 2)]);
        Define("adaptive_max_pool", x => [adaptive_max_pool2d(x, [2, 3])]);
        Define("lp_pool", x => [lp_pool2d(x, 2.0, 2), lp_pool2d(x, 3.0, [2, 3], [1, 1])]);
    }
}
