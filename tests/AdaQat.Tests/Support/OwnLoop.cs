using AdaQat.Quantizers;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>
/// A training loop as a user writes it: batch normalisation, dropout, an optimizer and a scheduler of TorchSharp, a best value.
/// </summary>
internal sealed class OwnLoop : IDisposable
{
    public const int Epochs = 3;
    public const int BatchesPerEpoch = 4;

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly OptimizerHelper _weights;
    private readonly optim.lr_scheduler.LRScheduler _schedule;
    private readonly bool _stepsEveryBatch;
    private double _best = double.MaxValue;

    public OwnLoop(
        string optimizer, string schedule, WidthSharing sharing = WidthSharing.Network, long seed = 3, int period = 2,
        DoReFaOptions? quantizer = null)
    {
        manual_seed(seed);
        _model = Networks.Convolutional();
        var (example, _) = Networks.Images(1);
        Quantized = QuantizedModel.Attach(_model, example, new QuantizationOptions
        {
            WeightSharing = sharing,
            ActivationSharing = sharing,
            FirstLayerBits = null,
            Weights = quantizer ?? new DoReFaOptions(),
        });
        Widths = new BitWidthOptimizer(Quantized, new BitWidthOptimizerOptions { LearningRate = 0.2, OscillationThreshold = 1 });
        _weights = optimizer switch
        {
            "SGD" => optim.SGD(Quantized.Parameters(), 0.05, momentum: 0.9, weight_decay: 1e-4),
            "Adam" => optim.Adam(Quantized.Parameters(), 0.01),
            "AdamW" => optim.AdamW(Quantized.Parameters(), 0.01),
            _ => throw new ArgumentException(optimizer),
        };
        _stepsEveryBatch = schedule != "StepLR";
        _schedule = schedule switch
        {
            "StepLR" => optim.lr_scheduler.StepLR(_weights, period, 0.3),
            "CosineAnnealingLR" => optim.lr_scheduler.CosineAnnealingLR(_weights, Epochs * BatchesPerEpoch),
            "OneCycleLR" => optim.lr_scheduler.OneCycleLR(_weights, 0.1, total_steps: (Epochs * BatchesPerEpoch) + 1),
            _ => throw new ArgumentException(schedule),
        };
    }

    public QuantizedModel Quantized { get; }

    public BitWidthOptimizer Widths { get; }

    public TrainingProgress Progress { get; private set; } = TrainingProgress.Start;

    /// <summary>Trains on, up to a step.</summary>
    public void Train(int upTo = Epochs * BatchesPerEpoch)
    {
        _model.train();
        while (Progress.Step < upTo)
        {
            foreach (var batch in new Batches(14, 4).Epoch(Progress.Epoch, Progress.Batch))
            {
                using (batch)
                {
                    Step(batch);
                }

                Progress = Progress with { Step = Progress.Step + 1, Batch = Progress.Batch + 1 };
                if (Progress.Step == upTo)
                {
                    break;
                }
            }

            if (Progress.Batch == BatchesPerEpoch)
            {
                Progress = Progress with { Epoch = Progress.Epoch + 1, Batch = 0 };
                if (!_stepsEveryBatch)
                {
                    _schedule.step();
                }
            }
        }
    }

    public void Save(string path) => Checkpoint.Save(path, Quantized, _weights, Widths, Progress with
    {
        Notes = new Dictionary<string, string> { ["best"] = _best.ToString("R", System.Globalization.CultureInfo.InvariantCulture) },
    });

    public void Resume(string path)
    {
        Progress = Checkpoint.Resume(path, Quantized, _weights, Widths, saved =>
        {
            for (var i = 0; i < (_stepsEveryBatch ? saved.Step : saved.Epoch); i++)
            {
                _schedule.step();
            }
        });
        _best = double.Parse(Progress.Notes["best"], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>All that the run is, to the bit.</summary>
    public Dictionary<string, byte[]> Everything()
    {
        var everything = Bits.OfState(_model);
        everything["(optimizer)"] = Bits.OfOptimizer(_weights);
        everything["(random)"] = Bits.OfRandomState();
        everything["(widths)"] = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Widths.Snapshot());
        everything["(loop)"] = System.Text.Encoding.UTF8.GetBytes($"{_best:R} {Progress.Epoch} {Progress.Batch} {Progress.Step}");
        return everything;
    }

    public void Dispose()
    {
        _weights.Dispose();
        Quantized.Dispose();
        _model.Dispose();
    }

    private void Step(Batch batch)
    {
        using var scope = NewDisposeScope();
        _weights.zero_grad();
        var loss = nn.functional.cross_entropy(_model.call(batch.Input), batch.Target);
        loss.backward();
        Widths.Step(loss, () => nn.functional.cross_entropy(_model.call(batch.Input), batch.Target));
        _weights.step();
        _best = Math.Min(_best, loss.item<float>());
        if (_stepsEveryBatch)
        {
            _schedule.step();
        }
    }
}
