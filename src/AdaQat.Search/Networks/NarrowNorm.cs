using System.Runtime.CompilerServices;
using AdaQat.Search.Spaces;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// The hooks on a batch normalisation: for the time of a call it computes with what the wider candidate has of it; then the narrower one
/// is computed beside it, and both are mixed.
/// </summary>
internal sealed class NarrowNorm : IDisposable
{
    private readonly BatchNorm _module;
    private readonly SizeRule _rule;
    private readonly CandidateWidths _widths;
    private readonly IReadOnlyList<CandidateNorm> _narrower;
    private readonly Action _removeHooks;
    private bool _isLent;

    /// <param name="module">The batch normalisation.</param>
    /// <param name="rule">How its channels follow.</param>
    /// <param name="widths">The candidates in force.</param>
    /// <param name="narrower">What all candidates but the widest have of it, in their order.</param>
    public NarrowNorm(BatchNorm module, SizeRule rule, CandidateWidths widths, IReadOnlyList<CandidateNorm> narrower)
    {
        (_module, _rule, _widths, _narrower) = (module, rule, widths, narrower);
        var before = module.register_forward_pre_hook((_, input) => Before(input));
        var after = module.register_forward_hook((_, input, output) => After(input, output));
        _removeHooks = () =>
        {
            before.remove();
            after.remove();
        };
    }

    /// <summary>Puts the module's own back; needed where a forward threw, since TorchSharp runs no post-hook then.</summary>
    public void PutBack()
    {
        if (_isLent)
        {
            Set(
                _module.get_parameter(nameof(NormBase.weight)), _module.get_parameter(nameof(NormBase.bias)),
                _module.get_buffer(nameof(NormBase.running_mean)), _module.get_buffer(nameof(NormBase.running_var)));
            _isLent = false;
        }
    }

    public void Dispose()
    {
        PutBack();
        _removeHooks();
    }

    private Tensor Before(Tensor input)
    {
        PutBack();
        if (_widths.DrawOf(_rule) is { } draw && draw.High < _narrower.Count)
        {
            var norm = _narrower[draw.High];
            Set(norm.Weight, norm.Bias, norm.Mean, norm.Variance);
            _isLent = true;
        }

        return input;
    }

    private Tensor After(Tensor input, Tensor output)
    {
        PutBack();
        if (_widths.DrawOf(_rule) is not { IsPair: true } draw)
        {
            return output;
        }

        using var scope = NewDisposeScope();
        var norm = _narrower[draw.Low];
        var narrow = nn.functional.batch_norm(
            input.narrow(1, 0, _widths.SizeAt(_rule, draw.Low)), norm.Mean!, norm.Variance!, norm.Weight, norm.Bias,
            _module.training || norm.Mean is null, _module.momentum!.Value, _module.eps);
        var mixed = Mixture.Of(narrow, output, axis: 1, draw.Weights!);
        output.Dispose();
        return mixed.MoveToOuterDisposeScope();
    }

    private void Set(Parameter? weight, Parameter? bias, Tensor? mean, Tensor? variance)
    {
        WeightField(_module) = weight!;
        BiasField(_module) = bias!;
        MeanField(_module) = mean!;
        VarianceField(_module) = variance!;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_weight")]
    private static extern ref Parameter WeightField(NormBase module);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bias")]
    private static extern ref Parameter BiasField(NormBase module);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_running_mean")]
    private static extern ref Tensor MeanField(NormBase module);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_running_var")]
    private static extern ref Tensor VarianceField(NormBase module);
}
