using AdaQat.Search.Costs;
using AdaQat.Search.Networks;
using AdaQat.Search.Spaces;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Searching;

/// <summary>What a search says that it would do silently otherwise: the latest of each subject.</summary>
/// <param name="options">The search's choices.</param>
/// <param name="example">The shape of the example, whose costs the targets mean.</param>
/// <param name="tell">Told of each.</param>
internal sealed class SearchWarnings(ChannelSearchOptions options, IReadOnlyList<long> example, Action<SearchWarning> tell)
{
    /// <summary>A preference of less than this times an even share is none.</summary>
    private const double Parted = 1.1;

    /// <summary>A cost that misses its target by more than this, as a share of it, is told.</summary>
    private const double Missed = 0.1;

    private readonly List<SearchWarning> _all = [];
    private bool _isHeard;

    public IReadOnlyList<SearchWarning> All => _all;

    /// <summary>What was noticed before anybody could listen is told now.</summary>
    public void Hear()
    {
        if (!_isHeard)
        {
            _isHeard = true;
            _all.ForEach(tell);
        }
    }

    /// <summary>Targets that no choice of candidates meets.</summary>
    public void OfTargets(SearchSpace space, IReadOnlyList<IReadOnlyList<int>> initial)
    {
        OfTarget(nameof(ChannelSearchOptions.TargetMacs), options.TargetMacs, space.Costs.Macs, space, initial);
        OfTarget(nameof(ChannelSearchOptions.TargetParameters), options.TargetParameters, space.Costs.Parameters, space, initial);
    }

    /// <summary>What the network's quantizers noticed when they were attached, and convolutions that are wrong on this processor.</summary>
    public void OfNetwork(SearchNetwork network)
    {
        if (network.Quantized is { } quantized)
        {
            quantized.Warnings.ToList().ForEach(warning => Warn(warning.Subject, warning.Message));
        }
        else if (network.Model.modules().Any(module => module is Convolution)
            && network.Model.parameters().All(parameter => parameter.device_type == DeviceType.CPU) && CpuConvolutions.Fault() is { } fault)
        {
            Warn("libtorch", fault);
        }
    }

    /// <summary>Layers that are above T before anything is learned.</summary>
    public void OfThreshold(IEnumerable<GroupReading> readings)
    {
        foreach (var reading in readings.Where(r => options.Grows && r.Candidates.Count > 1))
        {
            var count = reading.Candidates.Count;
            if (options.ExpansionMeasure == ExpansionMeasure.Alpha)
            {
                if (reading.Alphas[^1] > options.ExpansionThreshold)
                {
                    WarnOfThreshold(reading.Layer, FormattableString.Invariant($"begins with an α of {reading.Alphas[^1]:0.000}"), "");
                }
            }
            else if (options.ExpansionThreshold * count <= 1)
            {
                WarnOfThreshold(
                    reading.Layer, FormattableString.Invariant($"has {count} candidates, which begin at a preference of 1/{count}"),
                    ", or CandidateRatios that give it more candidates");
            }
        }
    }

    /// <summary>Samples of another size than the example's.</summary>
    public void OfInput(Tensor input)
    {
        var shape = input.shape;
        if (!shape.Skip(1).SequenceEqual(example.Skip(1)))
        {
            Warn("input", $"The batches' samples are [{string.Join(", ", shape.Skip(1))}], the example's are "
                + $"[{string.Join(", ", example.Skip(1))}]: multiplications, and their target, are those of the example.");
        }
    }

    /// <summary>Costs that the preferred network misses at the end.</summary>
    public void OfOutcome(double macs, double parameters)
    {
        OfOutcome(nameof(ChannelSearchOptions.TargetMacs), options.TargetMacs, macs);
        OfOutcome(nameof(ChannelSearchOptions.TargetParameters), options.TargetParameters, parameters);
    }

    /// <summary>A layer that wants more channels than it may get.</summary>
    public void OfBound(string group, int channels) => Warn(group, FormattableString.Invariant(
        $"'{group}' is to grow beyond {channels} channels, which MaximumGrowth {options.MaximumGrowth} ")
        + "and Growth do not allow: a larger bound would let it.");

    /// <summary>Layers whose α is at the end about as it began.</summary>
    public void OfUndecided(IEnumerable<GroupReading> readings)
    {
        foreach (var reading in readings.Where(r => r.Candidates.Count > 1 && r.Preferences.Max() * r.Candidates.Count < Parted))
        {
            Warn(reading.Layer, FormattableString.Invariant(
                $"α of '{reading.Layer}' has not parted: the preferred {reading.Preferred} channels have a preference of ")
                + FormattableString.Invariant($"{reading.Preferences.Max():0.000} among {reading.Candidates.Count} candidates. ")
                + "Search longer, or with a larger ChannelLearningRate.");
        }
    }

    private void OfOutcome(string name, double? target, double cost)
    {
        if (target is { } wanted && Math.Abs((cost / wanted) - 1) > Missed)
        {
            Warn($"{name} at the end", FormattableString.Invariant(
                $"The preferred network costs {cost:0.####e+0} where {name} is {wanted:0.####e+0}, {cost / wanted:0.00} of it. ")
                + "Search longer, or bring the plan to its target by WidthMultiplier.Fit.");
        }
    }

    private void OfTarget(
        string name, double? target, IReadOnlyList<CostTerm> terms, SearchSpace space, IReadOnlyList<IReadOnlyList<int>> initial)
    {
        if (target is not { } wanted)
        {
            return;
        }

        int[] narrowest = [.. initial.Select(candidates => candidates[0])];
        int[] widest = [.. space.Groups.Zip(initial, (group, candidates) => options.Grows && candidates.Count > 1
            ? Math.Max(candidates[^1], GrowthRule.Most(group, options))
            : candidates[^1])];
        var (least, most) = (terms.Sum(term => term.At(narrowest)), terms.Sum(term => term.At(widest)));
        if (wanted < least || wanted * (1 - CostPressure.Tolerance) > most)
        {
            Warn(name, FormattableString.Invariant(
                $"{name} is {wanted:0.####e+0}, out of reach: the candidates allow {least:0.####e+0} to {most:0.####e+0}."));
        }
    }

    private void WarnOfThreshold(string layer, string beginning, string besides) => Warn($"{layer} threshold", FormattableString.Invariant(
        $"'{layer}' {beginning}, and ExpansionThreshold is {options.ExpansionThreshold}: it grows whether it is wanted or not. ")
        + $"Choose a larger threshold{besides}.");

    private void Warn(string subject, string message)
    {
        var warning = new SearchWarning(subject, message);
        if (_all.Contains(warning))
        {
            return;
        }

        _all.RemoveAll(w => w.Subject == subject);
        _all.Add(warning);
        if (_isHeard)
        {
            tell(warning);
        }
    }
}
