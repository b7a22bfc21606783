using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Maxima over windows, with or without their positions.
        public static partial class functional
        {
            public static Tensor max_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null,
                long? dilation = null, bool ceil_mode = false)
                => Aten.MaxPool1d.Call(input, Sizes(kernel_size), Sizes(stride ?? kernel_size), Sizes(padding ?? 0), Sizes(dilation ?? 1),
                    ceil_mode);

            public static (Tensor, Tensor) max_pool1d_with_indices(Tensor input, long kernel_size, long? stride = null,
                long? padding = null, long? dilation = null, bool ceil_mode = false)
                => Aten.MaxPool1dWithIndices.Call2(input, Sizes(kernel_size), Sizes(stride ?? kernel_size), Sizes(padding ?? 0),
                    Sizes(dilation ?? 1), ceil_mode);

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null,
                long? dilation = null, bool ceil_mode = false)
                => Aten.MaxPool2d.Call(input, Square(kernel_size), Square(stride ?? kernel_size), Square(padding ?? 0),
                    Square(dilation ?? 1), ceil_mode);

            public static Tensor max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null,
                (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false)
                => Aten.MaxPool2d.Call(input, Pair(kernel_size), Pair(stride ?? kernel_size), Pair(padding ?? (0, 0)),
                    Pair(dilation ?? (1, 1)), ceil_mode);

            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[] strides = null, long[] padding = null,
                long[] dilation = null, bool ceil_mode = false)
                => Aten.MaxPool2d.Call(input, kernel_size, strides ?? kernel_size, padding ?? Sizes(0, 0), dilation ?? Sizes(1, 1),
                    ceil_mode);

            public static (Tensor, Tensor) max_pool2d_with_indices(Tensor input, long[] kernel_size, long[] strides = null,
                long[] padding = null, long[] dilation = null, bool ceil_mode = false)
                => Aten.MaxPool2dWithIndices.Call2(input, kernel_size, strides ?? kernel_size, padding ?? Sizes(0, 0),
                    dilation ?? Sizes(1, 1), ceil_mode);

            public static Tensor max_pool3d(Tensor input, long[] kernel_size, long[] strides = null, long[] padding = null,
                long[] dilation = null, bool ceil_mode = false)
                => Aten.MaxPool3d.Call(input, kernel_size, strides ?? kernel_size, padding ?? Sizes(0, 0, 0), dilation ?? Sizes(1, 1, 1),
                    ceil_mode);

            public static (Tensor, Tensor) max_pool3d_with_indices(Tensor input, long[] kernel_size, long[] strides = null,
                long[] padding = null, long[] dilation = null, bool ceil_mode = false)
                => Aten.MaxPool3dWithIndices.Call2(input, kernel_size, strides ?? kernel_size, padding ?? Sizes(0, 0, 0),
                    dilation ?? Sizes(1, 1, 1), ceil_mode);

            public static (Tensor, Tensor) adaptive_max_pool1d_with_indices(Tensor input, long output_size)
                => Aten.AdaptiveMaxPool1d.Call2(input, Sizes(output_size));

            public static (Tensor, Tensor) adaptive_max_pool2d_with_indices(Tensor input, long[] output_size)
                => Aten.AdaptiveMaxPool2d.Call2(input, output_size);

            public static (Tensor, Tensor) adaptive_max_pool3d_with_indices(Tensor input, long[] output_size)
                => Aten.AdaptiveMaxPool3d.Call2(input, output_size);

            public static Tensor adaptive_max_pool1d(Tensor input, long output_size)
                => Values(adaptive_max_pool1d_with_indices(input, output_size));

            public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size)
                => Values(adaptive_max_pool2d_with_indices(input, output_size));

            public static Tensor adaptive_max_pool3d(Tensor input, long[] output_size)
                => Values(adaptive_max_pool3d_with_indices(input, output_size));

            private static Tensor Values((Tensor values, Tensor indices) pooled)
            {
                pooled.indices.Dispose();
                return pooled.values;
            }
        }
    }
}

file static class Aten
{
    internal static readonly Op AdaptiveMaxPool1d = new("aten::adaptive_max_pool1d");
    internal static readonly Op AdaptiveMaxPool2d = new("aten::adaptive_max_pool2d");
    internal static readonly Op AdaptiveMaxPool3d = new("aten::adaptive_max_pool3d");
    internal static readonly Op MaxPool1d = new("aten::max_pool1d");
    internal static readonly Op MaxPool1dWithIndices = new("aten::max_pool1d_with_indices");
    internal static readonly Op MaxPool2d = new("aten::max_pool2d");
    internal static readonly Op MaxPool2dWithIndices = new("aten::max_pool2d_with_indices");
    internal static readonly Op MaxPool3d = new("aten::max_pool3d");
    internal static readonly Op MaxPool3dWithIndices = new("aten::max_pool3d_with_indices");
}
