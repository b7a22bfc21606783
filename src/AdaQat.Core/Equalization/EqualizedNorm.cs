using AdaQat.Corrections;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Equalization;

/// <summary>
/// Batch normalisation in a pair: y = (x − μ)·γ/σ + β. Its input channels may be scaled, which μ and σ take back, and its output channels,
/// by γ and β. One that only adds a number, as folding leaves it, lets its input's scale through.
/// </summary>
internal sealed class EqualizedNorm : IDisposable
{
    /// <summary>By how many standard deviations a channel goes beyond its mean, as the paper has it.</summary>
    private const double Deviations = 6;

    /// <summary>Slopes this near to 1 are 1.</summary>
    private const double SlopeTolerance = 1e-6;

    private readonly BatchNorm _module;

    public EqualizedNorm(string name, BatchNorm module)
    {
        (Name, _module) = (name, module);
        using var scope = NewDisposeScope();
        var slope = Deviation().reciprocal() * (module.weight is null ? 1 : Number(module.weight));
        IsShift = slope.Sub(1).abs().max().item<double>() < SlopeTolerance;
        IsFinite = slope.isfinite().all().item<bool>() && module.running_mean!.isfinite().all().item<bool>()
            && module.bias?.isfinite().all().item<bool>() != false;
        Inputs = ones_like(slope).DetachFromDisposeScope();
        Outputs = ones_like(slope).DetachFromDisposeScope();
    }

    public string Name { get; }

    /// <summary>Whether it only adds a number to each channel.</summary>
    public bool IsShift { get; }

    public bool IsFinite { get; }

    /// <summary>Whether it has the γ and β that take a scale.</summary>
    public bool HasSlope => _module.weight is not null;

    /// <summary>What each input channel is multiplied by.</summary>
    public Tensor Inputs { get; }

    /// <summary>What each output channel is multiplied by.</summary>
    public Tensor Outputs { get; }

    /// <summary>How far each output channel reaches, with the scales found so far.</summary>
    public Tensor OutputRanges() => Number(_module.weight!).abs().Mul(Deviations).Add(Number(_module.bias!).abs()) * Outputs;

    /// <summary>The least that an input channel may be multiplied by, so that the variance stays above 0.</summary>
    public Tensor LeastInputScale() => Deviation().reciprocal().Mul(Math.Sqrt(_module.eps));

    /// <summary>Writes the scales in, where there are any.</summary>
    public void Write(SavedState before)
    {
        using var scope = NewDisposeScope();
        if (cat([Outputs, Inputs]).Eq(1).all().item<bool>())
        {
            return;
        }

        if (IsShift)
        {
            before.Write(_module, "running_mean", Number(_module.running_mean!) * Outputs);
        }
        else
        {
            before.Write(_module, "running_mean", Number(_module.running_mean!) * Inputs);
            before.Write(_module, "running_var", (Deviation() * Inputs).Square().Sub(_module.eps));
            if (_module.weight is not null)
            {
                before.Write(_module, "weight", Number(_module.weight) * Outputs);
            }
        }

        if (_module.bias is not null)
        {
            before.Write(_module, "bias", Number(_module.bias) * Outputs);
        }
    }

    public void Dispose()
    {
        Inputs.Dispose();
        Outputs.Dispose();
    }

    private static Tensor Number(Tensor tensor) => tensor.detach().to(ScalarType.Float64);

    /// <summary>σ.</summary>
    private Tensor Deviation() => Number(_module.running_var!).Add(_module.eps).sqrt();
}
