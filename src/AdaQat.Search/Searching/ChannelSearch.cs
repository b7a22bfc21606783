using AdaQat.Search.Costs;
using AdaQat.Search.Expanding;
using AdaQat.Search.Networks;
using AdaQat.Search.Sampling;
using AdaQat.Search.Searching;
using AdaQat.Search.Spaces;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search;

/// <summary>
/// A search for the channels of a network that is quantized to few bits: neural channel expansion (arXiv 2212.10878), and pruning alone
/// (TAS, NeurIPS 2019), over a network of the user's own.
/// </summary>
/// <remarks>
/// The network is given by a builder that takes its widths from a plan. It is built at its widest candidates and quantized; hooks let it
/// compute with fewer channels. A step of the weights by SGD on one half of the training data alternates with a step of α by Adam on the
/// other. See docs/channel-expansion.md.
/// <code>
/// using var search = new ChannelSearch(channels =&gt; new MyNet(channels), example, loss.call, new ChannelSearchOptions
/// {
///     Scheme = new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(2), ActivationBits = BitWidthChoice.Fixed(2) },
///     TargetMacs = 40e6,
/// });
/// var result = search.Run(firstHalf, secondHalf);
/// result.Plan.Save("plan.json");
/// var model = new MyNet(result.Plan);        // to be trained anew
/// </code>
/// One thread at a time may use it.
/// </remarks>
public sealed class ChannelSearch : IDisposable
{
    private readonly SearchSpace _space;
    private readonly Tensor _example;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly ChannelSearchOptions _options;
    private readonly PairSampler _sampler;
    private readonly IReadOnlyList<IReadOnlyList<int>> _initial;
    private readonly SearchWarnings _warnings;
    private SearchNetwork _network;
    private SearchOptimizers _optimizers;
    private TrainingProgress _progress = TrainingProgress.Start;
    private TrainingProgress? _saved;
    private double _channelLossSum;
    private List<SearchEpoch> _history = [];

    /// <summary>Looks at the network that a builder builds, and builds it at its widest candidates.</summary>
    /// <param name="builder">
    /// Builds the network with the channels of a plan, anew at each call: <c>channels => new MyNet(channels)</c>. It is called once for
    /// each name it asks for, once or more for the search, and whenever layers have grown.
    /// </param>
    /// <param name="example">An input as the network takes it, with its batch dimension.</param>
    /// <param name="loss">The loss of an output and a target, one number.</param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// An option is outside what is allowed, the scheme learns bit-widths, the builder ignores its plan, no layer can vary, or layers whose
    /// outputs meet have different defaults; or the network cannot compute with a part of its channels.
    /// </exception>
    /// <exception cref="CaptureException">The network's graph, which says which layers meet, cannot be captured.</exception>
    public ChannelSearch(
        Func<ChannelPlan, nn.Module<Tensor, Tensor>> builder, Tensor example, Func<Tensor, Tensor, Tensor> loss,
        ChannelSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(loss);
        (_loss, _options) = (loss, options ?? new ChannelSearchOptions());
        _options.Validate();
        _space = SearchSpace.Of(new NetworkBuilder(builder), example);
        RequireVarying();
        _initial = [.. _space.Groups.Select(Candidates)];
        NarrowingProof.Run(_space, _initial, example, _options.Scheme);
        _example = example.detach().clone().DetachFromDisposeScope();
        _sampler = new PairSampler(_options.Seed);
        _warnings = new SearchWarnings(_options, warning => Warning?.Invoke(this, warning));
        (_network, _optimizers) = Built(_initial);
        BeginAlphas();
        _warnings.OfTargets(_space, _initial);
    }

    /// <summary>Raised when something is noticed that a search does silently otherwise.</summary>
    public event EventHandler<SearchWarning>? Warning;

    /// <summary>Raised after every step.</summary>
    public event EventHandler<SearchStep>? StepCompleted;

    /// <summary>Raised after every epoch and what has grown after it, before its checkpoint.</summary>
    public event EventHandler<SearchEpoch>? EpochCompleted;

    /// <summary>What was noticed so far: the latest of each subject.</summary>
    public IReadOnlyList<SearchWarning> Warnings => _warnings.All;

    /// <summary>The names that the search leaves at their default, each with the reason.</summary>
    public IReadOnlyDictionary<string, string> Kept => _space.Kept;

    /// <summary>The names that are one choice, in the order in which the builder asks for them.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Groups => [.. _space.Groups.Select(group => group.Keys)];

    /// <summary>Steps done.</summary>
    public int Step => _progress.Step;

    /// <summary>The epochs done.</summary>
    public IReadOnlyList<SearchEpoch> History => _history;

    /// <summary>The preferred channels as they are now.</summary>
    public ChannelPlan Plan
    {
        get
        {
            var readings = Readings().ToDictionary(r => r.Layer, StringComparer.Ordinal);
            return _space.Plan(group => ChoiceOf(readings[group.Name]));
        }
    }

    /// <summary>Searches until all epochs are done, or until it is to stop.</summary>
    /// <param name="weights">The half of the training data that the weights learn from.</param>
    /// <param name="channels">
    /// The half that α learns from, with other samples. An epoch has as many steps as the shorter of the two has batches.
    /// </param>
    /// <param name="test">On which the preferred network is measured after every epoch; null for none. Targets are classes.</param>
    /// <param name="cancellation">Ends the search after the step under way, with a checkpoint.</param>
    /// <exception cref="ArgumentException">A source has no batches, or a resumed search goes on with another number of them.</exception>
    /// <exception cref="NonFiniteLossException">
    /// A loss is NaN or infinite: neither weights nor α took the step. Go on from the last checkpoint with a lower learning rate.
    /// </exception>
    /// <exception cref="IOException">A checkpoint could not be written.</exception>
    public ChannelSearchResult Run(
        IBatchSource<Batch> weights, IBatchSource<Batch> channels, IBatchSource<Batch>? test = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(channels);
        var batches = Math.Min(weights.BatchesPerEpoch, channels.BatchesPerEpoch);
        SearchBatches.Require(batches, _progress);
        _progress = _progress with { BatchesPerEpoch = batches };
        while (_progress.Epoch < _options.Epochs && !cancellation.IsCancellationRequested)
        {
            RunEpoch(weights, channels, batches, cancellation);
            if (_progress.Batch < batches)
            {
                break;
            }

            EndEpoch(test);
            Save();
        }

        if (_saved != _progress)
        {
            Save();
        }

        var isComplete = _progress.Epoch >= _options.Epochs;
        if (isComplete)
        {
            _warnings.OfUndecided(Readings());
        }

        var costs = CostsNow();
        return new ChannelSearchResult(Plan, costs.Macs.At(Preferred()), costs.Parameters.At(Preferred()), Step, isComplete, [.. _history]);
    }

    /// <summary>Goes on from a checkpoint: to the bit, on the same machine with as many threads.</summary>
    /// <param name="path">A checkpoint of this search.</param>
    /// <exception cref="CheckpointException">It is damaged, or of another search, network or choice of options.</exception>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    public void Resume(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var document = SearchDocument.Read(path, Checkpoint.ReadProgress(path).Notes);
        document.RequireFit(path, SearchSettings.Of(_options), [.. _space.Groups.Select(group => group.Name)]);
        var (network, optimizers) = Built(document.Candidates);
        try
        {
            var progress = network.Quantized is { } quantized
                ? Checkpoint.Resume(path, quantized, optimizers.Named)
                : Checkpoint.Resume(path, network, optimizers.Named);
            Replace(network, optimizers);
            _saved = _progress = progress with { Notes = new Dictionary<string, string>() };
            (_channelLossSum, _history) = (document.ChannelLossSum, [.. document.History]);
        }
        catch
        {
            Discard(network, optimizers);
            throw;
        }
    }

    /// <summary>The preferred network of its own, by the user's builder.</summary>
    /// <param name="withSearchedWeights">
    /// Whether it gets what the search has learned, so that it computes what the search's network computes at the preferred channels; else
    /// it is as the builder makes it, to be trained anew.
    /// </param>
    /// <returns>Model and quantizers, the caller's to dispose.</returns>
    public DerivedNetwork Derive(bool withSearchedWeights = true)
    {
        var preferred = Preferred();
        var candidates = _network.Widths.Candidates;
        var channels = _space.Groups.Index().ToDictionary(g => g.Item.Name, g => candidates[g.Index][preferred[g.Index]]);
        var model = _space.Build(group => channels[group.Name]);
        QuantizedModel? quantized = null;
        try
        {
            quantized = _options.Scheme is { } scheme ? QuantizedModel.Attach(model, _example, scheme) : null;
            if (withSearchedWeights)
            {
                WeightSlices.Derive(_network, preferred, model);
            }

            return new DerivedNetwork(Plan, model, quantized);
        }
        catch
        {
            quantized?.Dispose();
            model.Dispose();
            throw;
        }
    }

    /// <summary>Computes with the preferred channels, in eval mode without gradient: what a network derived now would compute.</summary>
    /// <param name="input">A batch.</param>
    /// <returns>The output, the caller's to dispose.</returns>
    public Tensor Predict(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var guard = no_grad();
        var wasTraining = _network.Model.training;
        _network.Model.eval();
        try
        {
            _network.Choose(Preferred());
            return _network.Model.call(input);
        }
        finally
        {
            _network.Model.train(wasTraining);
        }
    }

    /// <summary>Disposes the network of the search. Derived networks stay.</summary>
    public void Dispose()
    {
        Discard(_network, _optimizers);
        _example.Dispose();
    }

    private static void Discard(SearchNetwork network, SearchOptimizers optimizers)
    {
        optimizers.Dispose();
        network.Dispose();
    }

    private IReadOnlyList<int> Candidates(ChannelGroup group) =>
        [.. _options.CandidateRatios.Select(ratio => group.Nearest((int)((group.Default * ratio) + 1e-9))).Distinct().Order()];

    private (SearchNetwork Network, SearchOptimizers Optimizers) Built(IReadOnlyList<IReadOnlyList<int>> candidates)
    {
        var network = new SearchNetwork(_space, candidates, _example, _options.Scheme);
        return (network, new SearchOptimizers(network, _options));
    }

    private void Replace(SearchNetwork network, SearchOptimizers optimizers)
    {
        Discard(_network, _optimizers);
        (_network, _optimizers) = (network, optimizers);
    }

    /// <summary>
    /// α from N(0, 0.01²), by the search's own stream, so that torch's generator stays the weights'; the candidate that is the default, or
    /// nearest to it, begins a little higher, so that the preferred network is the builder's own at first.
    /// </summary>
    private void BeginAlphas()
    {
        using var noGradient = no_grad();
        foreach (var (group, alpha) in _network.Alphas.Index())
        {
            var usual = _space.Groups[group].Default;
            var nearest = _initial[group].Index().MinBy(c => Math.Abs(c.Item - usual)).Index;
            using var start = tensor(AlphaStart.Of(_options.Seed, group, (int)alpha.shape[0], nearest));
            alpha.copy_(start);
        }
    }

    private void RunEpoch(IBatchSource<Batch> weights, IBatchSource<Batch> channels, int batches, CancellationToken cancellation)
    {
        _network.Model.train();
        using var second = channels.Epoch(_progress.Epoch, _progress.Batch).GetEnumerator();
        foreach (var first in weights.Epoch(_progress.Epoch, _progress.Batch).Take(batches - _progress.Batch))
        {
            SearchStep report;
            using (first)
            {
                SearchBatches.RequireNext(second.MoveNext(), channels, _progress);
                using (second.Current)
                {
                    report = OneStep(first, second.Current, batches);
                }
            }

            StepCompleted?.Invoke(this, report);
            if (_options.CheckpointInterval is { } interval && Step % interval == 0)
            {
                Save();
            }

            if (cancellation.IsCancellationRequested)
            {
                return;
            }
        }

        SearchBatches.RequireNext(_progress.Batch == batches, weights, _progress);
    }

    private SearchStep OneStep(Batch first, Batch second, int batches)
    {
        var (step, steps) = (_progress.Step, (long)batches * _options.Epochs);
        var temperature = Temperature(step, steps);
        foreach (var group in _optimizers.Weights.ParamGroups)
        {
            group.LearningRate = _options.LearningRate * _options.Schedule.FactorAt(step, steps);
        }

        var loss = StepOfWeights(first, step, temperature);
        double? channelLoss = Chooses ? StepOfChannels(second, step, temperature) : null;
        _channelLossSum += (channelLoss ?? 0) * first.Size;
        _progress = _progress with
        {
            Batch = _progress.Batch + 1,
            Step = step + 1,
            Samples = _progress.Samples + first.Size,
            LossSum = _progress.LossSum + (loss * first.Size),
        };
        return new SearchStep(step + 1, (int)steps, _progress.Epoch + 1, loss, channelLoss, temperature, Readings());
    }

    /// <summary>Whether any group has more than one candidate.</summary>
    private bool Chooses => _network.Widths.Candidates.Any(candidates => candidates.Count > 1);

    private double StepOfWeights(Batch batch, int step, double temperature)
    {
        using var scope = NewDisposeScope();
        _optimizers.Weights.zero_grad();
        using (no_grad())
        {
            _network.Draw(Draws(step, phase: 0, temperature));
        }

        var loss = _loss(_network.Model.call(batch.Input), batch.Target);
        var value = Finite(loss, "loss of the weights", step);
        loss.backward();
        _network.Faults.Raise();
        _optimizers.Weights.step();
        return value;
    }

    /// <summary>The weights need no gradients here, which spares a third of the backward pass.</summary>
    private double StepOfChannels(Batch batch, int step, double temperature)
    {
        using var scope = NewDisposeScope();
        var weights = _network.Weights().Select(w => w.Parameter).Where(w => w.requires_grad).ToList();
        weights.ForEach(weight => weight.requires_grad = false);
        try
        {
            _optimizers.Channels.zero_grad();
            _network.Draw(Draws(step, phase: 1, temperature));
            var loss = _loss(_network.Model.call(batch.Input), batch.Target);
            var value = Finite(loss, "loss of the channels", step);
            loss.backward();
            _network.Faults.Raise();
            AddCostGradient();
            _optimizers.Channels.step();
            return value;
        }
        finally
        {
            weights.ForEach(weight => weight.requires_grad = true);
        }
    }

    private List<ChannelDraw> Draws(int step, int phase, double temperature) =>
        [.. _network.Alphas.Select((alpha, group) => _sampler.Draw(alpha, temperature, step, phase, group))];

    private void AddCostGradient()
    {
        var costs = CostsNow();
        CostGradient.AddTo(
            _network.Alphas, Preferred(),
            (costs.Macs, _options.TargetMacs, _options.MacsWeight),
            (costs.Parameters, _options.TargetParameters, _options.ParametersWeight));
    }

    private void EndEpoch(IBatchSource<Batch>? test)
    {
        var (probabilities, preferred, costs) = (_network.Alphas.Select(PairSampler.Probabilities).ToList(), Preferred(), CostsNow());
        var accuracy = test is null ? null : (double?)Accuracy(test);
        var readings = Readings();
        var isLast = _progress.Epoch + 1 >= _options.Epochs;
        var growing = isLast ? [] : GrowthRule.Growing(_space.Groups, readings, _options, _warnings);
        var epoch = new SearchEpoch(
            _progress.Epoch + 1, Step, _progress.LossSum / _progress.Samples,
            Chooses ? _channelLossSum / _progress.Samples : null, accuracy,
            costs.Macs.At(probabilities).Value, costs.Macs.At(preferred), costs.Parameters.At(probabilities).Value,
            costs.Parameters.At(preferred), readings, [.. growing.Keys]);
        if (growing.Count > 0)
        {
            Grow(growing);
        }

        _history.Add(epoch);
        _channelLossSum = 0;
        _progress = TrainingProgress.Start with
        {
            Epoch = _progress.Epoch + 1,
            Step = _progress.Step,
            BatchesPerEpoch = _progress.BatchesPerEpoch,
        };
        EpochCompleted?.Invoke(this, epoch);
    }

    private void Grow(Dictionary<string, int> growing)
    {
        var candidates = _space.Groups.Zip(_network.Widths.Candidates, (group, before) =>
            growing.TryGetValue(group.Name, out var more) ? (IReadOnlyList<int>)[.. before, more] : before).ToList();
        var (network, optimizers) = Built(candidates);
        Expansion.Carry(_network, _optimizers, network, optimizers);
        Replace(network, optimizers);
    }

    private double Accuracy(IBatchSource<Batch> test)
    {
        var (right, all) = (0L, 0L);
        foreach (var batch in test.Epoch(0, 0))
        {
            using (batch)
            {
                using var scope = NewDisposeScope();
                right += Predict(batch.Input).argmax(1).eq(batch.Target).sum().item<long>();
                all += batch.Size;
            }
        }

        return all > 0 ? right / (double)all : throw new ArgumentException("The test data have no sample.", nameof(test));
    }

    private IReadOnlyList<int> Preferred() => _network.Preferred();

    private (ExpectedCost Macs, ExpectedCost Parameters) CostsNow() => (
        new ExpectedCost(_space.Costs.Macs, _network.Widths.Candidates),
        new ExpectedCost(_space.Costs.Parameters, _network.Widths.Candidates));

    private IReadOnlyList<GroupReading> Readings()
    {
        var preferred = Preferred();
        return [.. _space.Groups.Select((group, place) =>
        {
            var candidates = _network.Widths.Candidates[place];
            return new GroupReading(
                group.Name, group.Default, candidates, PairSampler.Probabilities(_network.Alphas[place]), candidates[preferred[place]]);
        })];
    }

    private (int Channels, ChannelOrigin Origin, string? Note) ChoiceOf(GroupReading reading)
    {
        var initial = _initial[_space.Groups.Index().First(g => g.Item.Name == reading.Layer).Index];
        var preference = reading.Preferences.Max();
        return (
            reading.Preferred,
            reading.Preferred > initial[^1] ? ChannelOrigin.Expanded : ChannelOrigin.Searched,
            FormattableString.Invariant($"preference {preference:0.000} of {reading.Candidates.Count} candidates, ")
                + FormattableString.Invariant($"{reading.Candidates[0]} to {reading.Candidates[^1]}"));
    }

    private double Temperature(long step, long steps) => _options.EndTemperature
        + ((_options.StartTemperature - _options.EndTemperature) * (1 + Math.Cos(Math.PI * step / Math.Max(1, steps))) / 2);

    private static double Finite(Tensor loss, string what, int step)
    {
        var value = loss.numel() == 1 ? loss.detach().to(ScalarType.Float64).item<double>() : throw new ArgumentException(
            $"The loss has the shape [{string.Join(", ", loss.shape)}]; it has to be one number.");
        return double.IsFinite(value) ? value : throw new NonFiniteLossException(FormattableString.Invariant(
            $"The {what} is {value} in step {step + 1}: the step is refused, neither weights nor channels took it."));
    }

    private void Save()
    {
        if (_options.CheckpointPath is not { } path)
        {
            return;
        }

        var document = new SearchDocument(
            SearchDocument.CurrentVersion, SearchSettings.Of(_options), [.. _space.Groups.Select(group => group.Name)],
            _network.Widths.Candidates, _channelLossSum, _history);
        var progress = _progress with { Notes = document.ToNotes() };
        if (_network.Quantized is { } quantized)
        {
            Checkpoint.Save(path, quantized, _optimizers.Named, progress: progress);
        }
        else
        {
            Checkpoint.Save(path, _network, _optimizers.Named, progress);
        }

        _saved = _progress;
    }

    private void RequireVarying()
    {
        if (_space.Groups.Count == 0)
        {
            throw new ArgumentException(
                "No layer's channels can vary: " + string.Join("; ", _space.Kept.Select(kept => $"'{kept.Key}': {kept.Value}")) + ".");
        }
    }
}
