using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Largest values over two spatial dimensions, in as many windows as make the output size.</summary>
public sealed class AdaptiveMaxPool2d : ParameterLessModule<Tensor, Tensor>
{
    internal AdaptiveMaxPool2d(long[] output_size) : base(nameof(AdaptiveMaxPool2d)) => this.output_size = output_size;

    public long[] output_size { get; set; }

    public override Tensor forward(Tensor input) => nn.functional.adaptive_max_pool2d(input, output_size);

    public (Tensor Values, Tensor Indices) forward_with_indices(Tensor input)
        => nn.functional.adaptive_max_pool2d_with_indices(input, output_size);
}
