using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// What one candidate has of a batch normalisation: γ, β and running statistics of its channels. The widest candidate has the module's
/// own.
/// </summary>
internal sealed class CandidateNorm : nn.Module
{
    /// <summary>Begins with the first channels of the module's own.</summary>
    public CandidateNorm(BatchNorm norm, long channels)
        : base(nameof(CandidateNorm))
    {
        using var lasting = inference_mode(false);
        using var noGradient = no_grad();
        foreach (var name in new[] { nameof(NormBase.weight), nameof(NormBase.bias) })
        {
            if (norm.get_parameter(name) is { } own)
            {
                register_parameter(name, new Parameter(First(own, channels)));
            }
        }

        foreach (var name in new[] { nameof(NormBase.running_mean), nameof(NormBase.running_var) })
        {
            if (norm.get_buffer(name) is { } own)
            {
                register_buffer(name, First(own, channels));
            }
        }
    }

    public Parameter? Weight => get_parameter(nameof(NormBase.weight));

    public Parameter? Bias => get_parameter(nameof(NormBase.bias));

    public Tensor? Mean => get_buffer(nameof(NormBase.running_mean));

    public Tensor? Variance => get_buffer(nameof(NormBase.running_var));

    private static Tensor First(Tensor own, long channels)
    {
        using var part = own.detach().narrow(0, 0, channels);
        return part.clone().DetachFromDisposeScope();
    }
}
