using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Means over windows.
        public static partial class functional
        {
            public static Tensor avg_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null,
                bool ceil_mode = false, bool count_include_pad = true)
                => Aten.AvgPool1d.Call(input, Sizes(kernel_size), Sizes(stride ?? kernel_size), Sizes(padding ?? 0), ceil_mode,
                    count_include_pad);

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null)
                => Aten.AvgPool2d.Call(input, Square(kernel_size), Square(stride ?? kernel_size), Square(padding), ceil_mode,
                    count_include_pad, Value.Optional(divisor_override));

            public static Tensor avg_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null,
                (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
                => Aten.AvgPool2d.Call(input, Pair(kernel_size), Pair(stride ?? kernel_size), Pair(padding ?? (0, 0)), ceil_mode,
                    count_include_pad, Value.Optional(divisor_override));

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[] stride = null, long[] padding = null,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
                => Aten.AvgPool2d.Call(input, kernel_size, stride ?? kernel_size, padding ?? Sizes(0, 0), ceil_mode, count_include_pad,
                    Value.Optional(divisor_override));

            public static Tensor avg_pool3d(Tensor input, long[] kernel_size, long[] stride = null, long[] padding = null,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
                => Aten.AvgPool3d.Call(input, kernel_size, stride ?? kernel_size, padding ?? Sizes(0, 0, 0), ceil_mode, count_include_pad,
                    Value.Optional(divisor_override));

            public static Tensor adaptive_avg_pool1d(Tensor input, long output_size)
                => Aten.AdaptiveAvgPool1d.Call(input, Sizes(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size)
                => Aten.AdaptiveAvgPool2d.Call(input, Square(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size)
                => Aten.AdaptiveAvgPool2d.Call(input, Pair(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Aten.AdaptiveAvgPool2d.Call(input, output_size);

            public static Tensor adaptive_avg_pool3d(Tensor input, long output_size)
                => Aten.AdaptiveAvgPool3d.Call(input, Sizes(output_size, output_size, output_size));

            public static Tensor adaptive_avg_pool3d(Tensor input, (long, long, long) output_size)
                => Aten.AdaptiveAvgPool3d.Call(input, Sizes(output_size.Item1, output_size.Item2, output_size.Item3));

            public static Tensor adaptive_avg_pool3d(Tensor input, long[] output_size) => Aten.AdaptiveAvgPool3d.Call(input, output_size);

            private static long[] Square(long side) => [side, side];

            private static long[] Pair((long, long) sizes) => [sizes.Item1, sizes.Item2];
        }
    }
}

file static class Aten
{
    internal static readonly Op AdaptiveAvgPool1d = new("aten::adaptive_avg_pool1d");
    internal static readonly Op AdaptiveAvgPool2d = new("aten::adaptive_avg_pool2d");
    internal static readonly Op AdaptiveAvgPool3d = new("aten::adaptive_avg_pool3d");
    internal static readonly Op AvgPool1d = new("aten::avg_pool1d");
    internal static readonly Op AvgPool2d = new("aten::avg_pool2d");
    internal static readonly Op AvgPool3d = new("aten::avg_pool3d");
}
