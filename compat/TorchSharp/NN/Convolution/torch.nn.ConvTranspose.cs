using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static ConvTranspose1d ConvTranspose1d(
            long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0,
            long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null,
            ScalarType? dtype = null)
            => new(in_channels, out_channels, [kernel_size], [stride], [padding], [dilation], [output_padding], groups, bias,
                padding_mode, device, dtype);

        public static ConvTranspose2d ConvTranspose2d(
            long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0,
            long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null,
            ScalarType? dtype = null)
            => new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], [padding, padding], [dilation, dilation],
                [output_padding, output_padding], groups, bias, padding_mode, device, dtype);

        public static ConvTranspose2d ConvTranspose2d(
            long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
            (long, long)? output_padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros,
            long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null)
            => new(in_channels, out_channels, Values(kernel_size, 0), Values(stride, 1), Values(padding, 0), Values(dilation, 1),
                Values(output_padding, 0), groups, bias, padding_mode, device, dtype);

        public static ConvTranspose3d ConvTranspose3d(
            long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0,
            long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null,
            ScalarType? dtype = null)
            => new(in_channels, out_channels, [kernel_size, kernel_size, kernel_size], [stride, stride, stride],
                [padding, padding, padding], [dilation, dilation, dilation], [output_padding, output_padding, output_padding], groups,
                bias, padding_mode, device, dtype);

        public static ConvTranspose3d ConvTranspose3d(
            long in_channels, long out_channels, (long, long, long) kernel_size, (long, long, long)? stride = null,
            (long, long, long)? padding = null, (long, long, long)? output_padding = null, (long, long, long)? dilation = null,
            PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null,
            ScalarType? dtype = null)
            => new(in_channels, out_channels, Values(kernel_size, 0), Values(stride, 1), Values(padding, 0), Values(dilation, 1),
                Values(output_padding, 0), groups, bias, padding_mode, device, dtype);
    }
}
