namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Power means over windows.
        public static partial class functional
        {
            public static Tensor lp_pool1d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false)
                => PowerMean(x => avg_pool1d(x, kernel_size, stride, 0, ceil_mode), input, norm_type, kernel_size);

            public static Tensor lp_pool2d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false)
                => lp_pool2d(input, norm_type, Square(kernel_size), stride is long s ? Square(s) : null, ceil_mode);

            public static Tensor lp_pool2d(Tensor input, double norm_type, long[] kernel_size, long[] stride = null, bool ceil_mode = false)
                => PowerMean(x => avg_pool2d(x, kernel_size, stride, null, ceil_mode), input, norm_type, kernel_size[0] * kernel_size[1]);

            // The mean of a window is its sum over the window's size, so the size is multiplied back in before the root.
            private static Tensor PowerMean(Func<Tensor, Tensor> mean, Tensor input, double power, long window)
            {
                using var scope = NewDisposeScope();
                var means = mean(input.pow(power));
                return means.sign().mul(means.abs().relu()).mul(window).pow(1 / power).MoveToOuterDisposeScope();
            }
        }
    }
}
