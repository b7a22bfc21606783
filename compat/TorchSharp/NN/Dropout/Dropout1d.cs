using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Zeroes random channels of one spatial dimension while training.</summary>
public sealed class Dropout1d : ParameterLessModule<Tensor, Tensor>
{
    internal Dropout1d(double p, bool inplace) : base(nameof(Dropout1d))
        => (this.p, this.inplace)
            = (p, inplace);

    public double p { get; set; }

    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => nn.functional.dropout1d(tensor, p, training, inplace);
}
