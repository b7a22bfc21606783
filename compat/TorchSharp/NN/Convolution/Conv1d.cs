using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A convolution over one spatial dimension.</summary>
public sealed class Conv1d : Convolution
{
    internal Conv1d(
        long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation,
            long groups,
        bool bias, PaddingModes padding_mode, Device device, ScalarType? dtype)
        : base(nameof(Conv1d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, false, new long[1],
            groups, bias,
            padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
    {
        if (!ValidateShape(input, 1))
            throw new ArgumentException($"Expected 2D (unbatched) or 3D (batched) input with {in_channels} channels to Conv1d.");

        if (padding_mode != PaddingModes.Zeros)
        {
            using var padded = nn.functional.pad(input, _reversed_padding_repeated_twice, padding_mode);
            return nn.functional.conv1d(padded, _weight, _bias, stride[0], 0, dilation[0], groups);
        }
        if (padding_type is { } type) return nn.functional.conv1d_padding(input, _weight, _bias, stride[0], type, dilation[0], groups);
        return nn.functional.conv1d(input, _weight, _bias, stride[0], padding[0], dilation[0], groups);
    }
}
