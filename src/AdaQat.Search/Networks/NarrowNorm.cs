using System.Runtime.CompilerServices;
using AdaQat.Search.Spaces;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// The hooks on a batch normalisation: for the time of a call it computes with what the wider candidate has of it; where two are mixed, the
/// narrower one is computed beside it.
/// </summary>
/// <remarks>
/// In training both candidates normalise by the batch, of which the narrower one sees the first channels: one normalisation without γ and
/// β serves both (<see cref="ChannelCombination"/>). In evaluation each has its own statistics.
/// </remarks>
internal sealed class NarrowNorm : IDisposable
{
    private readonly BatchNorm _module;
    private readonly SizeRule _rule;
    private readonly CandidateWidths _widths;
    private readonly IReadOnlyList<CandidateNorm> _narrower;
    private readonly BackwardFaults _faults;
    private readonly Action _removeHooks;
    private bool _isLent;
    private (Tensor Mean, Tensor Variance)? _ofBatch;

    /// <param name="name">Its name in the model.</param>
    /// <param name="module">The batch normalisation.</param>
    /// <param name="rule">How its channels follow.</param>
    /// <param name="widths">The candidates in force.</param>
    /// <param name="narrower">What all candidates but the widest have of it, in their order.</param>
    /// <param name="faults">Takes what goes wrong in backward passes.</param>
    /// <exception cref="ArgumentException">Its statistics are means of all batches, which two candidates cannot share.</exception>
    public NarrowNorm(
        string name, BatchNorm module, SizeRule rule, CandidateWidths widths, IReadOnlyList<CandidateNorm> narrower, BackwardFaults faults)
    {
        if (module.momentum is null)
        {
            throw new ArgumentException($"'{name}' has no momentum; a search needs one, such as 0.1, for its running statistics.");
        }

        (_module, _rule, _widths, _narrower, _faults) = (module, rule, widths, narrower, faults);
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
            var own = Own;
            Set(own.Weight, own.Bias, own.Mean, own.Variance);
            _isLent = false;
        }

        _ofBatch?.Mean.Dispose();
        _ofBatch?.Variance.Dispose();
        _ofBatch = null;
    }

    public void Dispose()
    {
        PutBack();
        _removeHooks();
    }

    private (Parameter? Weight, Parameter? Bias, Tensor? Mean, Tensor? Variance) Own => (
        _module.get_parameter(nameof(NormBase.weight)), _module.get_parameter(nameof(NormBase.bias)),
        _module.get_buffer(nameof(NormBase.running_mean)), _module.get_buffer(nameof(NormBase.running_var)));

    /// <summary>What a candidate has of it.</summary>
    private (Parameter? Weight, Parameter? Bias, Tensor? Mean, Tensor? Variance) Of(int candidate) => candidate < _narrower.Count
        ? (_narrower[candidate].Weight, _narrower[candidate].Bias, _narrower[candidate].Mean, _narrower[candidate].Variance)
        : Own;

    private Tensor Before(Tensor input)
    {
        PutBack();
        if (_widths.DrawOf(_rule) is not { } draw)
        {
            return input;
        }

        var wide = Of(draw.High);
        if (draw.IsPair && _module.training)
        {
            // Beginning from zero they become the momentum's share of the batch's statistics.
            _ofBatch = wide is { Mean: { } mean, Variance: { } variance }
                ? (zeros_like(mean).DetachFromDisposeScope(), zeros_like(variance).DetachFromDisposeScope()) : null;
            Set(null, null, _ofBatch?.Mean, _ofBatch?.Variance);
            _isLent = true;
        }
        else if (draw.High < _narrower.Count)
        {
            Set(wide.Weight, wide.Bias, wide.Mean, wide.Variance);
            _isLent = true;
        }

        return input;
    }

    private Tensor After(Tensor input, Tensor output)
    {
        if (_widths.DrawOf(_rule) is not { IsPair: true } draw)
        {
            PutBack();
            return output;
        }

        using var scope = NewDisposeScope();
        var mixed = _module.training ? Combined(output, draw) : MixedByStatistics(input, output, draw);
        PutBack();
        output.Dispose();
        return mixed.MoveToOuterDisposeScope();
    }

    private Tensor Combined(Tensor normalized, ChannelDraw draw)
    {
        var (wide, narrow) = (Of(draw.High), Of(draw.Low));
        if (_ofBatch is { } batch)
        {
            Update(wide.Mean!, batch.Mean);
            Update(wide.Variance!, batch.Variance);
            Update(narrow.Mean!, batch.Mean);
            Update(narrow.Variance!, batch.Variance);
        }

        var windows = ChannelWindows.Of(_widths.SizeAt(_rule, draw.Low), normalized.shape[1]);
        var (first, last) = (tensor(windows.First, device: normalized.device), tensor(windows.Last, device: normalized.device));
        var (half, whole) = (draw.Weights![0].Mul(0.5), draw.Weights[1]);
        var gain = narrow.Weight ?? ones(_widths.SizeAt(_rule, draw.Low), dtype: normalized.dtype, device: normalized.device);
        var own = wide.Weight is { } weight ? weight * whole : whole.expand(normalized.shape[1]);
        var shift = wide.Bias is { } wideBias && narrow.Bias is { } narrowBias
            ? (wideBias * whole) + ((narrowBias.index_select(0, first) + narrowBias.index_select(0, last)) * half)
            : zeros(normalized.shape[1], dtype: normalized.dtype, device: normalized.device);
        return ChannelCombination.Of(
            normalized, own, gain.index_select(0, first) * half, gain.index_select(0, last) * half, shift, windows, _faults);
    }

    private void Update(Tensor running, Tensor ofBatch)
    {
        using var noGradient = no_grad();
        using var part = ofBatch.narrow(0, 0, running.shape[0]);
        using var kept = running.Mul(1 - _module.momentum!.Value);
        using var updated = kept.add(part);
        running.copy_(updated);
    }

    private Tensor MixedByStatistics(Tensor input, Tensor output, ChannelDraw draw)
    {
        var norm = _narrower[draw.Low];
        var narrow = nn.functional.batch_norm(
            input.narrow(1, 0, _widths.SizeAt(_rule, draw.Low)), norm.Mean!, norm.Variance!, norm.Weight, norm.Bias,
            norm.Mean is null, _module.momentum!.Value, _module.eps);
        return Mixture.Of(narrow, output, axis: 1, draw.Weights!);
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
