using System.Diagnostics;
using AdaQat.Graph;
using AdaQat.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.AfterTraining;

/// <summary>One call of <see cref="PostTraining"/>: its steps, each measured, and all of it undone where one fails.</summary>
internal sealed class PostTrainingRun : IDisposable
{
    private const string Rounding = "learned rounding";
    private const string Bias = "bias correction";
    private const string Statistics = "batch-norm statistics";

    /// <summary>The share of a step's progress that is its own; the rest is choosing ranges and measuring.</summary>
    private const double OwnShare = 0.9;

    private readonly QuantizedModel _quantized;
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly IReadOnlyList<Tensor> _data;
    private readonly PostTrainingOptions _options;
    private readonly IProgress<PostTrainingProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly FloatReference _reference;
    private readonly double? _floatMetric;
    private readonly OutlierChannels _outliers;
    private UndoStack? _undo;
    private readonly List<PostTrainingStep> _steps = [];
    private CalibrationReport? _ranges;
    private PostTrainingQuality _quality;
    private (ModelGraph? Graph, string? Fault)? _graph;
    private int _planned;

    public PostTrainingRun(
        QuantizedModel quantized, nn.Module<Tensor, Tensor> model, IReadOnlyList<Tensor> data, PostTrainingOptions options,
        IProgress<PostTrainingProgress>? progress, CancellationToken cancellation)
    {
        (_quantized, _model, _data, _options) = (quantized, model, data, options);
        (_progress, _cancellation) = (progress, cancellation);
        _reference = new FloatReference(quantized, model, data, cancellation);
        if (options.Evaluate is { } evaluate)
        {
            using var inFloat = quantized.InFloat();
            _floatMetric = evaluate();
        }

        _outliers = new OutlierChannels(quantized);
        _undo = new UndoStack(quantized);
    }

    public PostTrainingResult Quantize()
    {
        try
        {
            var corrections = Corrections();
            _planned = corrections.Count + 1;
            ChooseRanges();
            foreach (var (name, apply, movesInputs) in corrections)
            {
                Try(name, apply, movesInputs);
            }

            var notes = _outliers.Notes(new OutlierChannels(_quantized)).ToList();
            var result = new PostTrainingResult(new PostTrainingReport(_steps, _floatMetric, _ranges!, notes), _undo!);
            _undo = null;
            return result;
        }
        catch
        {
            _undo!.Undo();
            throw;
        }
    }

    public void Dispose()
    {
        _undo?.Dispose();
        _reference.Dispose();
    }

    /// <summary>What is tried, in this order: its name, what makes it, and whether ranges are to be chosen anew then.</summary>
    private List<(string Name, Func<Correction> Apply, bool MovesInputs)> Corrections()
    {
        var steps = new List<(string, Func<Correction>, bool)>();
        if (_options.FoldsBatchNorm)
        {
            steps.Add(("batch-norm folding", () => BatchNormFolding.Apply(_quantized, Graph()), true));
        }

        if (_options.Equalizes)
        {
            steps.Add(("equalisation", () => CrossLayerEqualization.Apply(_quantized, Graph(), options: null), true));
        }

        if (_options.Effort == PostTrainingEffort.Thorough)
        {
            steps.Add((Rounding, () => LearnedRounding.Apply(
                _quantized, Graph(), Forward, _options.Rounding, Relayed(Rounding), _cancellation), false));
        }

        if (_options.CorrectsBias)
        {
            steps.Add((Bias, () => BiasCorrection.Apply(_quantized, Graph(), Forward, Relayed(Bias), _cancellation), false));
        }

        if (_options.ReestimatesBatchNorm)
        {
            steps.Add((Statistics, () => BatchNormReestimation.Apply(_quantized, Forward), false));
        }

        return steps;
    }

    private void ChooseRanges()
    {
        var clock = Stopwatch.StartNew();
        Report("ranges", 0);
        Calibrate("ranges");
        _quality = Measure();
        var observer = _ranges!.Ranges.FirstOrDefault(r => r.Ranges.Count > 0)?.Observer ?? "quantizer";
        _steps.Add(new PostTrainingStep(
            "ranges", PostTrainingOutcome.Kept, Before: null, _quality, $"of {_ranges.Ranges.Count} tensors, by {observer}", clock.Elapsed,
            Correction: null));
    }

    private void Try(string name, Func<Correction> apply, bool movesInputs)
    {
        var clock = Stopwatch.StartNew();
        _cancellation.ThrowIfCancellationRequested();
        Report(name, 0);
        using var ranges = new QuantizerSnapshot(UndoStack.Quantizers(_quantized));
        var rangesBefore = _ranges;
        Correction correction;
        try
        {
            correction = apply();
        }
        catch (Exception fault) when (fault is CaptureException or ArgumentException)
        {
            // The data and the options were found to be good: it is the network that the correction is not for.
            Skip(name, fault.Message, clock);
            return;
        }

        var isKept = false;
        try
        {
            if (!correction.Report.Corrected.Any())
            {
                Skip(name, correction.Report.LeftAlone.FirstOrDefault() is { } left ? $"nothing to do: {left}" : "nothing to do", clock);
                return;
            }

            if (movesInputs)
            {
                Calibrate(name);
            }

            var after = Measure();
            isKept = !after.IsWorseThan(_quality);
            var summary = $"{correction.Report.Corrected.Count()} of {correction.Report.Entries.Count} layers";
            _steps.Add(new PostTrainingStep(
                name, isKept ? PostTrainingOutcome.Kept : PostTrainingOutcome.Dropped, _quality, after,
                isKept ? summary : $"{summary}; taken back, since the network was worse for it", clock.Elapsed, correction.Report));
            _quality = isKept ? after : _quality;
        }
        finally
        {
            if (isKept)
            {
                _undo!.Push(correction);
            }
            else
            {
                correction.Dispose();
                ranges.Restore();
                _ranges = rangesBefore;
            }
        }
    }

    private void Skip(string name, string reason, Stopwatch clock) => _steps.Add(
        new PostTrainingStep(name, PostTrainingOutcome.Skipped, _quality, After: null, reason, clock.Elapsed, Correction: null));

    private void Calibrate(string step)
    {
        var layers = _quantized.Layers;
        var options = new CalibrationOptions
        {
            Observer = layers.Any(l => l.ActivationQuantizer.RangeLayout is not null) ? _options.Observer : null,
            WeightObserver = layers.Any(l => l.WeightQuantizer.RangeLayout is not null) ? _options.WeightObserver : null,
        };
        var progress = new Relay<CalibrationProgress>(p => Report(step, OwnShare * p.Batches / _data.Count));
        _ranges = _quantized.Calibrate(_data, options, progress, _cancellation);
    }

    private PostTrainingQuality Measure()
    {
        var signal = _reference.SignalToNoise(_cancellation);
        return new PostTrainingQuality(signal, _options.Evaluate?.Invoke());
    }

    /// <summary>A forward on all of the data.</summary>
    private void Forward()
    {
        foreach (var batch in _data)
        {
            _cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            _model.call(batch);
        }
    }

    private Relay<CorrectionProgress> Relayed(string step) => new(p =>
        Report(step, OwnShare * (p.Number - 1 + (p.Iteration / (double)p.Iterations)) / p.Count));

    /// <summary>Captured once: corrections change numbers, not what is connected with what.</summary>
    private ModelGraph Graph()
    {
        _graph ??= Capture();
        return _graph.Value.Graph ?? throw new CaptureException(_graph.Value.Fault!);
    }

    private (ModelGraph? Graph, string? Fault) Capture()
    {
        try
        {
            using var example = _data[0].narrow(0, 0, Math.Min(2, _data[0].shape[0]));
            return (_quantized.FloatGraph(example), null);
        }
        catch (CaptureException fault)
        {
            return (null, fault.Message);
        }
    }

    private void Report(string step, double share) =>
        _progress?.Report(new PostTrainingProgress(step, _steps.Count, _planned, Math.Min(share, 1)));

    /// <summary>Progress of a step, passed on at once.</summary>
    private sealed class Relay<T>(Action<T> pass) : IProgress<T>
    {
        public void Report(T value) => pass(value);
    }
}
