using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A transposed convolution over three spatial dimensions.</summary>
public sealed class ConvTranspose3d : ConvolutionTranspose
{
    internal ConvTranspose3d(
        long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] dilation, long[] output_padding,
            long groups,
        bool bias, PaddingModes padding_mode, Device device, ScalarType? dtype)
        : base(nameof(ConvTranspose3d), in_channels, out_channels, kernel_size, stride, padding, null, dilation, true, output_padding,
            groups, bias,
            padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input, long[] output_size)
    {
        if (!ValidateShape(input, 3))
            throw new ArgumentException($"Expected 4D (unbatched) or 5D (batched) input with {in_channels} channels to ConvTranspose3d.");

        var extra = _output_padding(input, output_size, kernel_size, stride, padding, dilation, 3);
        return nn.functional.conv_transpose3d(input, _weight, _bias, stride, padding, extra, dilation, groups);
    }
}
