using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What every transposed convolution has: an output size that the input's alone does not determine.</summary>
public abstract class ConvolutionTranspose : Convolution
{
    protected ConvolutionTranspose(
        string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type,
            long[] dilation,
        bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device device = null,
            ScalarType? dtype = null)
        : base(name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed, output_padding, groups,
            bias,
            padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input) => forward(input, null);

    /// <summary>With an output size (of the spatial dimensions or of all), the output padding follows from it.</summary>
    public abstract Tensor forward(Tensor input, long[] output_size);

    protected long[] _output_padding(
        Tensor input, long[] output_size, long[] kernel_size, long[] stride, long[] padding, long[] dilation, long num_spatial_dims)
    {
        if (output_size is null) return output_padding;

        var leading = input.dim() == num_spatial_dims + 2 ? 2 : 1;
        if (output_size.Length == leading + num_spatial_dims) output_size = output_size[leading..];
        if (output_size.Length != num_spatial_dims)
            throw new ArgumentException(
                $"ConvTranspose{num_spatial_dims}D: for {input.dim()}D input, output_size must have {num_spatial_dims} or "
                + $"{leading + num_spatial_dims} elements (got {output_size.Length})", nameof(output_size));

        var result = new long[num_spatial_dims];
        for (var d = 0; d < num_spatial_dims; d++)
        {
            var smallest = (input.size(d + leading) - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel_size[d] - 1) + 1;
            var largest = smallest + stride[d] - 1;
            if (output_size[d] < smallest || output_size[d] > largest)
                throw new ArgumentException($"Requested an output size of {output_size[d]}, but valid sizes range from {smallest} to {largest}");
            result[d] = output_size[d] - smallest;
        }
        return result;
    }
}
