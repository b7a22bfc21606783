using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Divides each channel by a power of the energy of the channels around it.</summary>
public sealed class LocalResponseNorm : ParameterLessModule<Tensor, Tensor>
{
    internal LocalResponseNorm(long size, double alpha, double beta, double k) : base(nameof(LocalResponseNorm))
        => (this.size, this.alpha, this.beta, this.k) = (size, alpha, beta, k);

    public long size { get; set; }

    public double alpha { get; set; }

    public double beta { get; set; }

    public double k { get; set; }

    public override Tensor forward(Tensor input)
    {
        if (input.ndim < 3) throw new ArgumentException($"Invalid number of dimensions for LocalResponseNorm argument: {input.ndim}");
        return nn.functional.local_response_norm(input, size, alpha, beta, k);
    }
}
