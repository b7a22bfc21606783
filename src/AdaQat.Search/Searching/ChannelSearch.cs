using AdaQat.Checkpoints;
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
    private readonly ChannelSearchOptions _options;
    private readonly SearchStepper _stepper;
    private readonly IReadOnlyList<IReadOnlyList<int>> _initial;
    private readonly SearchWarnings _warnings;
    private LearningNetwork _learning;
    private TrainingProgress _progress = TrainingProgress.Start;
    private TrainingProgress? _saved;
    private double _channelLossSum;
    private List<SearchEpoch> _history = [];
    private List<string> _grown = [];
    private bool _isDisposed;

    /// <summary>Looks at the network that a builder builds, and builds it at its widest candidates.</summary>
    /// <param name="builder">
    /// Builds the network with the channels of a plan, anew at each call: <c>channels => new MyNet(channels)</c>. It is called once for
    /// each name it asks for, once or more for the search, and whenever layers have grown.
    /// </param>
    /// <param name="example">
    /// An input as the network takes it, with its batch dimension, on the device that computes: networks are moved there.
    /// </param>
    /// <param name="loss">The loss of an output and a target, one number.</param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// An option is outside what is allowed, the scheme learns bit-widths, the builder ignores its plan, no layer can vary, or layers whose
    /// outputs meet have different defaults; or the network cannot compute with a part of its channels, or has sizes that are not in
    /// proportion to them at each width that the search may come to.
    /// </exception>
    /// <exception cref="CaptureException">The network's graph, which says which layers meet, cannot be captured.</exception>
    public ChannelSearch(
        Func<ChannelPlan, nn.Module<Tensor, Tensor>> builder, Tensor example, Func<Tensor, Tensor, Tensor> loss,
        ChannelSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(loss);
        _options = options ?? new ChannelSearchOptions();
        _options.Validate();
        _space = SearchSpace.Of(new NetworkBuilder(builder), example);
        RequireVarying();
        _initial = [.. _space.Groups.Select(Candidates)];
        SizeProof.Run(_space, GrowthRule.Widths(_space.Groups, _initial, _options));
        using var here = example.cpu();
        NarrowingProof.Run(_space, _initial, here, _options.Scheme);
        _example = example.detach().clone().DetachFromDisposeScope();
        _stepper = new SearchStepper(loss, _options);
        _warnings = new SearchWarnings(_options, _example.shape, warning => Warning?.Invoke(this, warning));
        _learning = Built(_initial);
        _learning.BeginAlphas();
        _warnings.OfNetwork(_learning.Network);
        _warnings.OfTargets(_space, _initial);
        _warnings.OfThreshold(_learning.Readings());
    }

    /// <summary>
    /// Raised when something is noticed that a search does silently otherwise; what was noticed when it was made, when
    /// <see cref="Run"/> begins.
    /// </summary>
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

    /// <summary>
    /// The preferred channels as they are now: of candidates that are preferred as much, the widest, as a new one is after growth until
    /// the next step.
    /// </summary>
    public ChannelPlan Plan
    {
        get
        {
            RequireAlive();
            var readings = _learning.Readings().ToDictionary(r => r.Layer, StringComparer.Ordinal);
            return _space.Plan(group => ChoiceOf(readings[group.Name]));
        }
    }

    /// <summary>Searches until all epochs are done, or until it is to stop.</summary>
    /// <param name="weights">The half of the training data that the weights learn from.</param>
    /// <param name="channels">
    /// The half that α learns from, with other samples. An epoch has as many steps as the shorter of the two has batches.
    /// </param>
    /// <param name="test">
    /// On which the preferred network is measured after every epoch, with batch-norm statistics measured anew; null for none. Targets are
    /// classes.
    /// </param>
    /// <param name="cancellation">Ends the search after the step under way, with a checkpoint.</param>
    /// <exception cref="ArgumentException">
    /// A source has no batches, or a resumed search goes on with another number of them; a file that is no checkpoint lies at
    /// <see cref="ChannelSearchOptions.CheckpointPath"/>; or libtorch refuses a batch, which the message names.
    /// </exception>
    /// <exception cref="NonFiniteLossException">
    /// A loss is NaN or infinite: what it was to move, weights or α, did not take the step. Go on from the last checkpoint with a lower
    /// learning rate.
    /// </exception>
    /// <exception cref="IOException">A checkpoint could not be written.</exception>
    public ChannelSearchResult Run(
        IBatchSource<Batch> weights, IBatchSource<Batch> channels, IBatchSource<Batch>? test = null,
        CancellationToken cancellation = default)
    {
        RequireAlive();
        var batches = SearchBatches.Require(weights, channels, _progress);
        CheckpointTarget.RequireOurs(_options.CheckpointPath);
        _warnings.Hear();
        _progress = _progress with { BatchesPerEpoch = batches };
        while (_progress.Epoch < _options.Epochs && !cancellation.IsCancellationRequested)
        {
            RunEpoch(weights, channels, batches, cancellation);
            if (_progress.Batch < batches)
            {
                break;
            }

            EndEpoch(weights, test);
            Save();
        }

        if (_saved != _progress)
        {
            Save();
        }

        var isComplete = _progress.Epoch >= _options.Epochs;
        var preferred = _learning.Network.Preferred();
        var (macs, parameters) = (_learning.Macs.At(preferred), _learning.Parameters.At(preferred));
        if (isComplete)
        {
            _warnings.OfUndecided(_learning.Readings());
            _warnings.OfOutcome(macs, parameters);
        }

        return new ChannelSearchResult(Plan, macs, parameters, Step, isComplete, [.. _history]);
    }

    /// <summary>
    /// Takes up where a checkpoint left off; <see cref="Run"/> then goes on, to the bit, on the same machine with as many threads.
    /// </summary>
    /// <param name="path">A checkpoint of this search.</param>
    /// <exception cref="CheckpointException">It is damaged, or of another search, network or choice of options.</exception>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    public void Resume(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        RequireAlive();
        var document = SearchDocument.Read(path, Checkpoint.ReadProgress(path).Notes);
        document.RequireFit(path, SearchSettings.Of(_options), [.. _space.Groups.Select(group => group.Name)]);
        var learning = Built(document.Candidates);
        try
        {
            var progress = learning.Resume(path);
            Replace(learning);
            _saved = _progress = progress with { Notes = new Dictionary<string, string>() };
            (_channelLossSum, _history, _grown) = (document.ChannelLossSum, [.. document.History], [.. document.Grown]);
        }
        catch
        {
            learning.Dispose();
            throw;
        }
    }

    /// <summary>The preferred network of its own, by the user's builder.</summary>
    /// <param name="withSearchedWeights">
    /// Whether it gets what the search has learned, so that it computes what the search's network computes at the preferred channels; else
    /// it is as the builder makes it, to be trained anew. Batch-norm statistics are those of the search's mixtures of two candidates: give
    /// it its own (<see cref="BatchNormStatistics"/>) where it is to be used as it is.
    /// </param>
    /// <returns>Model and quantizers, the caller's to dispose.</returns>
    public DerivedNetwork Derive(bool withSearchedWeights = true) => _learning.Derived(Plan, withSearchedWeights);

    /// <summary>Computes with the preferred channels, in eval mode without gradient: what a network derived now would compute.</summary>
    /// <param name="input">A batch.</param>
    /// <returns>The output, the caller's to dispose.</returns>
    public Tensor Predict(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireAlive();
        using var guard = no_grad();
        var network = _learning.Network;
        var wasTraining = network.Model.training;
        network.Model.eval();
        try
        {
            network.Choose(network.Preferred());
            return network.Model.call(input);
        }
        finally
        {
            network.Model.train(wasTraining);
        }
    }

    /// <summary>Disposes the network of the search. Derived networks stay.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _learning.Dispose();
        _example.Dispose();
    }

    private void RequireAlive() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    private IReadOnlyList<int> Candidates(ChannelGroup group) =>
        [.. _options.CandidateRatios.Select(ratio => group.Nearest((int)((group.Default * ratio) + 1e-9))).Distinct().Order()];

    private LearningNetwork Built(IReadOnlyList<IReadOnlyList<int>> candidates) => new(_space, candidates, _example, _options);

    private void Replace(LearningNetwork learning)
    {
        _learning.Dispose();
        _learning = learning;
        _learning.Network.Model.train();
    }

    /// <summary>Lets layers grow where that is due.</summary>
    private void Grow()
    {
        if (!GrowthRule.IsDue(Step, _progress.BatchesPerEpoch!.Value, _options))
        {
            return;
        }

        var growing = GrowthRule.Growing(_space.Groups, _learning.Readings(), _options, _warnings);
        if (growing.Count > 0)
        {
            Replace(_learning.Grown(growing));
            _grown.AddRange(growing.Keys);
        }
    }

    private void RunEpoch(IBatchSource<Batch> weights, IBatchSource<Batch> channels, int batches, CancellationToken cancellation)
    {
        _learning.Network.Model.train();
        using var second = channels.Epoch(_progress.Epoch, _progress.Batch).GetEnumerator();
        foreach (var first in weights.Epoch(_progress.Epoch, _progress.Batch).Take(batches - _progress.Batch))
        {
            SearchStep report;
            using (first)
            {
                SearchBatches.RequireNext(second.MoveNext(), channels, _progress);
                using (second.Current)
                {
                    _warnings.OfInput(first.Input);
                    report = OneStep(first, second.Current, batches);
                }
            }

            StepCompleted?.Invoke(this, report);
            if (_progress.Batch < batches)
            {
                Grow();
            }

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
        var loss = _stepper.StepOfWeights(_learning, first, step, steps);
        double? channelLoss = _learning.Chooses ? _stepper.StepOfChannels(_learning, second, step, steps) : null;
        _channelLossSum += (channelLoss ?? 0) * first.Size;
        _progress = _progress with
        {
            Batch = _progress.Batch + 1,
            Step = step + 1,
            Samples = _progress.Samples + first.Size,
            LossSum = _progress.LossSum + (loss * first.Size),
        };
        return new SearchStep(
            step + 1, (int)steps, _progress.Epoch + 1, loss, channelLoss, _stepper.Temperature(step, steps), _learning.Readings());
    }

    private void EndEpoch(IBatchSource<Batch> weights, IBatchSource<Batch>? test)
    {
        var (network, macs, parameters) = (_learning.Network, _learning.Macs, _learning.Parameters);
        var (probabilities, preferred) = (network.Alphas.Select(PairSampler.Probabilities).ToList(), network.Preferred());
        var accuracy = test is null ? null : (double?)PreferredAccuracy.Of(() => Derive(), weights, test);
        var readings = _learning.Readings();
        var channelLoss = _learning.Chooses ? _channelLossSum / _progress.Samples : (double?)null;
        Grow();
        var epoch = new SearchEpoch(
            _progress.Epoch + 1, Step, _progress.LossSum / _progress.Samples, channelLoss, accuracy,
            macs.At(probabilities).Value, macs.At(preferred), parameters.At(probabilities).Value, parameters.At(preferred),
            readings, _grown);
        _history.Add(epoch);
        (_channelLossSum, _grown) = (0, []);
        _progress = TrainingProgress.Start with
        {
            Epoch = _progress.Epoch + 1,
            Step = _progress.Step,
            BatchesPerEpoch = _progress.BatchesPerEpoch,
        };
        EpochCompleted?.Invoke(this, epoch);
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

    private void Save()
    {
        if (_options.CheckpointPath is not { } path)
        {
            return;
        }

        var document = new SearchDocument(
            SearchDocument.CurrentVersion, SearchSettings.Of(_options), [.. _space.Groups.Select(group => group.Name)],
            _learning.Candidates, _channelLossSum, _history, _grown);
        _learning.Save(path, _progress with { Notes = document.ToNotes() });
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
