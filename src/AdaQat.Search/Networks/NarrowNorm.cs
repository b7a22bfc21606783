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
/// In training both candidates normalise by the batch, of which the narrower one sees the first channels: one normalisation serves both
/// (<see cref="ChannelCombination"/>), done before the module's own, which then sees a few samples whose outcome nobody reads: a hook
/// cannot keep it from being called. In evaluation each has its own statistics.
/// </remarks>
internal sealed class NarrowNorm : IDisposable
{
    private readonly BatchNorm _module;
    private readonly SizeRule _rule;
    private readonly CandidateWidths _widths;
    private readonly IReadOnlyList<CandidateNorm> _narrower;
    private readonly BackwardFaults _faults;
    private readonly Action _removeHooks;
    /// <summary>Batch normalisation refuses one number a channel; two samples always have more.</summary>
    private const int UnreadSamples = 2;

    private bool _isLent;
    private Tensor? _mixed;

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

        _mixed?.Dispose();
        _mixed = null;
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

        if (draw.IsPair && _module.training)
        {
            _mixed = Combined(input, draw).DetachFromDisposeScope();
            Lend(null, null, null, null);
            using var values = input.detach();
            return values.narrow(0, 0, Math.Min(UnreadSamples, values.shape[0]));
        }

        if (draw.High < _narrower.Count)
        {
            var wide = Of(draw.High);
            Lend(wide.Weight, wide.Bias, wide.Mean, wide.Variance);
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
        if (_mixed is { } combined)
        {
            scope.Attach(combined);
        }

        var mixed = _mixed ?? MixedByStatistics(input, output, draw);
        _mixed = null;
        PutBack();
        output.Dispose();
        return mixed.MoveToOuterDisposeScope();
    }

    private Tensor Combined(Tensor input, ChannelDraw draw)
    {
        using var scope = NewDisposeScope();
        var (wide, narrow) = (Of(draw.High), Of(draw.Low));
        var (few, all) = (_widths.SizeAt(_rule, draw.Low), input.shape[1]);
        var windows = ChannelWindows.Of(few, all, _widths.Mixing);
        var (half, whole) = (draw.Weights![0].Mul(0.5), draw.Weights[1]);
        var gain = narrow.Weight ?? ones(few, dtype: input.dtype, device: input.device);
        var own = wide.Weight is { } weight ? weight * whole : whole.expand(all);
        var shift = wide.Bias is { } wideBias && narrow.Bias is { } narrowBias
            ? (wideBias * whole).Add(windows.Read(narrowBias, 0, windows.First).Add(windows.Read(narrowBias, 0, windows.Last)) * half)
            : zeros(all, dtype: input.dtype, device: input.device);
        var numbers = new MixedNumbers(
            own, windows.Read(gain, 0, windows.First) * half, windows.Read(gain, 0, windows.Last) * half, shift);
        var (output, mean, variance) = ChannelCombination.Of(input, numbers, windows, _module.eps, _faults);
        foreach (var (running, ofBatch) in new[]
        {
            (wide.Mean, mean), (wide.Variance, variance), (narrow.Mean, mean), (narrow.Variance, variance),
        })
        {
            Update(running, ofBatch);
        }

        return output.MoveToOuterDisposeScope();
    }

    private void Update(Tensor? running, Tensor ofBatch)
    {
        if (running is null)
        {
            return;
        }

        using var noGradient = no_grad();
        using var part = ofBatch.narrow(0, 0, running.shape[0]);
        using var learned = part.Mul(_module.momentum!.Value);
        using var kept = running.Mul(1 - _module.momentum.Value);
        using var updated = kept.Add(learned);
        running.copy_(updated);
    }

    private Tensor MixedByStatistics(Tensor input, Tensor output, ChannelDraw draw)
    {
        var norm = _narrower[draw.Low];
        var narrow = nn.functional.batch_norm(
            input.narrow(1, 0, _widths.SizeAt(_rule, draw.Low)), norm.Mean!, norm.Variance!, norm.Weight, norm.Bias,
            norm.Mean is null, _module.momentum!.Value, _module.eps);
        return Mixture.Of(narrow, output, axis: 1, draw.Weights!, _widths.Mixing);
    }

    private void Lend(Parameter? weight, Parameter? bias, Tensor? mean, Tensor? variance)
    {
        Set(weight, bias, mean, variance);
        _isLent = true;
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
