using AdaQat.Isolation;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Sensitivity;

/// <summary>
/// One analysis: batch by batch, target by target, width by width, so that what comes before a target is computed once a batch.
/// </summary>
internal sealed class SensitivityRun : IDisposable
{
    private readonly QuantizedModel _model;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly IBatchSource<Batch> _source;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly SensitivityOptions _options;
    private readonly List<string> _notes = [];
    private readonly List<SensitivityTarget> _targets;
    private readonly Dictionary<string, ModelReplica?> _replicas = [];
    private readonly int _batches;

    public SensitivityRun(
        QuantizedModel model, nn.Module<Tensor, Tensor> module, IBatchSource<Batch> source, Func<Tensor, Tensor, Tensor> loss,
        SensitivityOptions options)
    {
        (_model, _module, _source, _loss, _options) = (model, module, source, loss, options);
        _batches = options.Batches ?? source.BatchesPerEpoch;
        _targets = SensitivityTarget.Of(model, options, _notes);
    }

    public SensitivityReport Run(IProgress<SensitivityProgress>? progress, CancellationToken token)
    {
        using var mode = new EvaluationMode(_model.Model);
        using var isolation = new ForwardIsolation(_model.Model);
        using var guard = no_grad();
        var state = Start();
        foreach (var batch in _source.Epoch(0, state.Batches).Take(_batches - state.Batches))
        {
            using (batch)
            {
                token.ThrowIfCancellationRequested();
                Analyse(batch, state, progress, token);
            }
        }

        return SensitivityReports.Of(_model, _targets, state, _notes);
    }

    public void Dispose()
    {
        _targets.ForEach(target => target.Dispose());
        foreach (var replica in _replicas.Values)
        {
            replica?.Dispose();
        }
    }

    private long Forwards => (long)_batches * _targets.Sum(t => t.Quantizers.Count);

    /// <summary>The state to go on from. The first batch is looked at in either case: ranges may start from it.</summary>
    private SensitivityState Start()
    {
        // The model's state before anything is seen; the batch's numbers stand for those of all.
        var model = Fingerprint.Of(_model.Model);
        using var first = _source.Epoch(0, 0).First();
        Look(first.Input);
        var start = new SensitivityState
        {
            Subject = new Dictionary<string, string>
            {
                ["the model"] = model,
                ["the first batch"] = Fingerprint.Of(first.Input, first.Target),
                ["the number of batches"] = FormattableString.Invariant($"{_batches}"),
                ["what is tried"] = string.Join(
                    "; ", _targets.Select(t => $"{t.Name} {t.Kind} {string.Join(',', t.Quantizers.Select(q => q.Bits))}")),
                ["the way"] = _options.ReusesPrefix ? "from the changed layer on" : "whole forwards",
                ["the choice of ranges"] = $"{_options.Calibration?.ToString() ?? "the model"}",
                ["what is right"] = _options.CountCorrect is null ? "the largest score" : "counted by the caller",
            },
            Sums = [.. _targets.Select(t => t.Quantizers.Select(_ => SensitivitySums.Zero).ToArray())],
        };
        return _options.CheckpointPath is { } path ? SensitivityFile.Read(path, start) ?? start : start;
    }

    /// <summary>Lets the targets see their tensors: weights, and what layers read of the first batch in float.</summary>
    private void Look(Tensor input)
    {
        foreach (var target in _targets.Where(t => t.Kind == QuantizerTarget.Weight))
        {
            target.See(target.Layers[0].Attached.LatentWeight);
        }

        using var alone = _model.BeginAlone();
        _model.Settle();
        var inputs = _model.Inputs;
        try
        {
            foreach (var read in inputs)
            {
                var target = _targets.Find(t => t.Kind == QuantizerTarget.Activation && ReferenceEquals(t.Layers[0].Input, read));
                read.InputObserver = tensor => target?.See(tensor);
            }

            using var scope = NewDisposeScope();
            _module.call(input);
        }
        finally
        {
            foreach (var read in inputs)
            {
                read.InputObserver = null;
                read.Forget();
            }
        }
    }

    private void Analyse(Batch batch, SensitivityState state, IProgress<SensitivityProgress>? progress, CancellationToken token)
    {
        using var forward = Forward(batch, state);
        var baseline = Measure(forward.Output, batch);
        RequireFinite(baseline.Loss, state.Batches);
        var inBatch = _targets.Sum(t => t.Quantizers.Count);
        var done = ((long)state.Batches * inBatch) + _targets.Take(state.Targets).Sum(t => t.Quantizers.Count);
        for (var place = state.Targets; place < _targets.Count; place++)
        {
            var target = _targets[place];
            var added = new List<SensitivitySums>();
            var (computed, all, whole) = (0L, 0L, 0L);
            foreach (var (_, quantizer) in target.Quantizers)
            {
                token.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var (sums, nodes) = Try(forward, target, quantizer, batch);
                added.Add(sums);
                (computed, all, whole) = (computed + nodes, all + forward.NodeCount, whole + (forward.NodeCount == 0 ? 1 : 0));
                progress?.Report(new SensitivityProgress(++done, Forwards, target.Name, target.Kind, state.Batches + 1));
            }

            state.Sums[place] = [.. state.Sums[place].Zip(added, (a, b) => a + b)];
            (state.ComputedNodes, state.AllNodes, state.WholeForwards) =
                (state.ComputedNodes + computed, state.AllNodes + all, state.WholeForwards + whole);
            state.Targets = place + 1;
            if (state.Targets == _targets.Count)
            {
                state.Baseline += baseline;
                (state.Batches, state.Targets) = (state.Batches + 1, 0);
                break;
            }

            Save(state);
        }

        Save(state);
    }

    private void Save(SensitivityState state)
    {
        if (_options.CheckpointPath is { } path)
        {
            SensitivityFile.Write(path, state);
        }
    }

    private (SensitivitySums Sums, int Nodes) Try(IBatchForward forward, SensitivityTarget target, Quantizer quantizer, Batch batch)
    {
        var (signal, noise) = (0.0, 0.0);
        var (output, nodes) = forward.Changed(target, tensor =>
        {
            var quantized = quantizer.Quantize(tensor);
            signal += Squares(tensor);
            using var difference = tensor - quantized;
            noise += Squares(difference);
            return quantized;
        });
        using (output)
        {
            using var off = output - forward.Output;
            var measured = Measure(output, batch);
            return (new SensitivitySums(measured.Loss, measured.Correct, Squares(off), signal, noise), nodes);
        }
    }

    private SensitivityBaseline Measure(Tensor output, Batch batch)
    {
        using var scope = NewDisposeScope();
        var loss = _loss(output, batch.Target).to(ScalarType.Float64).item<double>() * batch.Size;
        return new SensitivityBaseline(batch.Size, loss, Correct(output, batch.Target), Squares(output), output.numel());
    }

    private double Correct(Tensor output, Tensor target) => _options.CountCorrect is { } count ? count(output, target)
        : output.dim() == 2 && target.dim() == 1 && target.dtype is ScalarType.Int64 or ScalarType.Int32 ? Accuracy.TopOne(output, target)
        : double.NaN;

    private IBatchForward Forward(Batch batch, SensitivityState state)
    {
        var whole = new WholeForward(_model, _module, batch.Input);
        if (!_options.ReusesPrefix)
        {
            state.WholeReason ??= "asked for";
            return whole;
        }

        try
        {
            var shape = string.Join('x', batch.Input.shape);
            if (!_replicas.TryGetValue(shape, out var replica))
            {
                (replica, var fault) = ModelReplica.Of(_model, _targets, batch.Input, whole.Output);
                state.WholeReason ??= fault;
                _replicas.Add(shape, replica);
            }

            if (replica is null)
            {
                return whole;
            }

            var forward = replica.Forward(batch.Input);
            whole.Dispose();
            return forward;
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    private static double Squares(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).Square().sum().item<double>();
    }

    private static void RequireFinite(double loss, int batch)
    {
        if (!double.IsFinite(loss))
        {
            throw new NonFiniteLossException(FormattableString.Invariant(
                $"The loss of the model in float is {loss} on batch {batch + 1}: there is nothing to compare with."));
        }
    }
}
