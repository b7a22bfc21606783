using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineLayers()
    {
        Define("linear", (x, w, b) => [linear(x, w, b), linear(x, w)]);
        Define("bilinear", (x, y, w, b) => [bilinear(x, y, w, b)]);
        Define("one_hot", x => [one_hot(x, 4)]);
        Define("conv1d", (x, w, b) => [conv1d(x, w, b), conv1d(x, w, b, 2, 1), conv1d(x, w, null, 1, 2, 2)]);
        Define("conv1d groups", (x, w) => [conv1d(x, w, null, 1, 1, 1, 4)]);
        Define("conv2d", (x, w, b) => [conv2d(x, w, b), conv2d(x, w, b, [2, 1], [1, 0]), conv2d(x, w, null, [1, 1], [2, 2], [2, 2])]);
        Define("conv2d depthwise", (x, w, b) => [conv2d(x, w, b, padding: [1, 1], groups: 3)]);
        Define("conv2d pointwise", (x, w) => [conv2d(x, w, strides: [2, 2])]);
        Define("conv2d same", (x, w) => [conv2d_padding(x, w, padding: global::TorchSharp.Padding.Same), conv2d_padding(x, w)]);
        Define("conv3d", (x, w, b) => [conv3d(x, w, b), conv3d(x, w, b, [2, 2, 2], [1, 1, 1])]);
        Define("conv_transpose1d", (x, w, b) => [conv_transpose1d(x, w, b, 2, 1, 1)]);
        Define("conv_transpose2d", (x, w, b) => [conv_transpose2d(x, w, b), conv_transpose2d(x, w, b, [2, 2], [1, 1], [1, 1])]);
        Define("conv_transpose3d", (x, w) => [conv_transpose3d(x, w, null, [2, 2, 2])]);
        Define("batch_norm training", (x, m, v, w, b) => [batch_norm(x, m, v, w, b, true), m, v]);
        Define("batch_norm evaluation", (x, m, v, w, b) => [batch_norm(x, m, v, w, b)]);
        Define("batch_norm vectors", (x, m, v) => [batch_norm(x, m, v, training: true)]);
        Define("layer_norm", (x, w, b) => [layer_norm(x, [4], w, b), layer_norm(x, [3, 4])]);
        Define("group_norm", (x, w, b) => [group_norm(x, 2, w, b)]);
        Define("instance_norm", (x, w, b) => [instance_norm(x, weight: w, bias: b)]);
        Define("local_response_norm", x => [local_response_norm(x, 3, 0.1, 0.75, 1.5)]);
        Define("normalize", x => [normalize(x), normalize(x, 1, 2)]);
    }
}
