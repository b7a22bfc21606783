using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Convolutions and transposed convolutions over one, two and three dimensions.
        public static partial class functional
        {
            public static Tensor conv1d(Tensor input, Tensor weight, Tensor bias = null, long? stride = null, long? padding = null,
                long? dilation = null, long groups = 1)
                => Aten.Conv1d.Call(input, weight, bias, Sizes(stride ?? 1), Sizes(padding ?? 0), Sizes(dilation ?? 1), groups);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null, long[] padding = null,
                long[] dilation = null, long groups = 1)
                => Aten.Conv2d.Call(input, weight, bias, strides ?? Sizes(1, 1), padding ?? Sizes(0, 0), dilation ?? Sizes(1, 1), groups);

            public static Tensor conv3d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null, long[] padding = null,
                long[] dilation = null, long groups = 1)
                => Aten.Conv3d.Call(input, weight, bias, strides ?? Sizes(1, 1, 1), padding ?? Sizes(0, 0, 0), dilation ?? Sizes(1, 1, 1),
                    groups);

            public static Tensor conv1d_padding(Tensor input, Tensor weight, Tensor bias = null, long? stride = null,
                Padding padding = Padding.Valid, long? dilation = null, long groups = 1)
                => Aten.Conv1dPadding.Call(input, weight, bias, Sizes(stride ?? 1), Name(padding), Sizes(dilation ?? 1), groups);

            public static Tensor conv2d_padding(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null,
                Padding padding = Padding.Valid, long[] dilation = null, long groups = 1)
                => Aten.Conv2dPadding.Call(input, weight, bias, strides ?? Sizes(1, 1), Name(padding), dilation ?? Sizes(1, 1), groups);

            public static Tensor conv3d_padding(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null,
                Padding padding = Padding.Valid, long[] dilation = null, long groups = 1)
                => Aten.Conv3dPadding.Call(input, weight, bias, strides ?? Sizes(1, 1, 1), Name(padding), dilation ?? Sizes(1, 1, 1),
                    groups);

            public static Tensor conv_transpose1d(Tensor input, Tensor weight, Tensor bias = null, long? stride = null,
                long? padding = null, long? output_padding = null, long? dilation = null, long groups = 1)
                => Aten.ConvTranspose1d.Call(input, weight, bias, Sizes(stride ?? 1), Sizes(padding ?? 0), Sizes(output_padding ?? 0),
                    groups, Sizes(dilation ?? 1));

            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null,
                long[] padding = null, long[] output_padding = null, long[] dilation = null, long groups = 1)
                => Aten.ConvTranspose2dInput.Call(input, weight, bias, strides ?? Sizes(1, 1), padding ?? Sizes(0, 0),
                    output_padding ?? Sizes(0, 0), groups, dilation ?? Sizes(1, 1));

            public static Tensor conv_transpose3d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null,
                long[] padding = null, long[] output_padding = null, long[] dilation = null, long groups = 1)
                => Aten.ConvTranspose3dInput.Call(input, weight, bias, strides ?? Sizes(1, 1, 1), padding ?? Sizes(0, 0, 0),
                    output_padding ?? Sizes(0, 0, 0), groups, dilation ?? Sizes(1, 1, 1));

            private static long[] Sizes(params long[] sizes) => sizes;

            private static string Name(Padding padding) => padding == Padding.Same ? "same" : "valid";
        }
    }
}

file static class Aten
{
    internal static readonly Op Conv1d = new("aten::conv1d");
    internal static readonly Op Conv1dPadding = new("aten::conv1d", "padding");
    internal static readonly Op Conv2d = new("aten::conv2d");
    internal static readonly Op Conv2dPadding = new("aten::conv2d", "padding");
    internal static readonly Op Conv3d = new("aten::conv3d");
    internal static readonly Op Conv3dPadding = new("aten::conv3d", "padding");
    internal static readonly Op ConvTranspose1d = new("aten::conv_transpose1d");
    internal static readonly Op ConvTranspose2dInput = new("aten::conv_transpose2d", "input");
    internal static readonly Op ConvTranspose3dInput = new("aten::conv_transpose3d", "input");
}
