using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Zeroes random channels of three spatial dimensions while training.</summary>
public sealed class Dropout3d : ParameterLessModule<Tensor, Tensor>
{
    internal Dropout3d(double p, bool inplace) : base(nameof(Dropout3d))
        => (this.p, this.inplace)
            = (p, inplace);

    public double p { get; set; }

    public bool inplace { get; set; }

    public override Tensor forward(Tensor input) => nn.functional.dropout3d(input, p, training, inplace);
}
