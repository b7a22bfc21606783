using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>log(1 + e^(βx)) / β, linear above the threshold.</summary>
public sealed class Softplus : ParameterLessModule<Tensor, Tensor>
{
    internal Softplus(double beta, double threshold) : base(nameof(Softplus))
        => (this.beta, this.threshold)
            = (beta, threshold);

    public double beta { get; set; }

    public double threshold { get; set; }

    public override Tensor forward(Tensor tensor) => nn.functional.softplus(tensor, beta, threshold);
}
