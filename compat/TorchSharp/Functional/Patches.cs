using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Sliding patches as columns, and channels as pixels.
        public static partial class functional
        {
            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1)
                => Aten.Im2col.Call(input, Square(kernel_size), Square(dilation), Square(padding), Square(stride));

            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null,
                (long, long)? padding = null, (long, long)? stride = null)
                => Aten.Im2col.Call(input, Pair(kernel_size), Pair(dilation ?? (1, 1)), Pair(padding ?? (0, 0)), Pair(stride ?? (1, 1)));

            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0,
                long stride = 1)
                => Aten.Col2im.Call(input, Square(output_size), Square(kernel_size), Square(dilation), Square(padding), Square(stride));

            public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null,
                (long, long)? padding = null, (long, long)? stride = null)
                => Aten.Col2im.Call(input, Pair(output_size), Pair(kernel_size), Pair(dilation ?? (1, 1)), Pair(padding ?? (0, 0)),
                    Pair(stride ?? (1, 1)));

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Aten.PixelShuffle.Call(input, upscale_factor);
            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) => Aten.PixelUnshuffle.Call(input, downscale_factor);
        }
    }
}

file static class Aten
{
    internal static readonly Op Col2im = new("aten::col2im");
    internal static readonly Op Im2col = new("aten::im2col");
    internal static readonly Op PixelShuffle = new("aten::pixel_shuffle");
    internal static readonly Op PixelUnshuffle = new("aten::pixel_unshuffle");
}
