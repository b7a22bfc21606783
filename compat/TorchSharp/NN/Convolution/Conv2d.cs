using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A convolution over two spatial dimensions.</summary>
public sealed class Conv2d : Convolution
{
    internal Conv2d(
        long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation,
            long groups,
        bool bias, PaddingModes padding_mode, Device device, ScalarType? dtype)
        : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, false, new long[2],
            groups, bias,
            padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
    {
        if (!ValidateShape(input, 2))
            throw new ArgumentException($"Expected 3D (unbatched) or 4D (batched) input with {in_channels} channels to Conv2d.");

        if (padding_mode != PaddingModes.Zeros)
        {
            using var padded = nn.functional.pad(input, _reversed_padding_repeated_twice, padding_mode);
            return nn.functional.conv2d(padded, _weight, _bias, stride, [0, 0], dilation, groups);
        }
        if (padding_type is { } type) return nn.functional.conv2d_padding(input, _weight, _bias, stride, type, dilation, groups);
        return nn.functional.conv2d(input, _weight, _bias, stride, padding, dilation, groups);
    }
}
