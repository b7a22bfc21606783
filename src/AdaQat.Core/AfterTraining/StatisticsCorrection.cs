using AdaQat.Corrections;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.AfterTraining;

/// <summary><see cref="BatchNormStatistics.Reestimate(nn.Module{Tensor, Tensor}, IEnumerable{Tensor})"/>, with the way back.</summary>
internal static class StatisticsCorrection
{
    private static readonly string[] Buffers = ["running_mean", "running_var", "num_batches_tracked"];

    public static Correction Apply(QuantizedModel quantized, nn.Module<Tensor, Tensor> model, IReadOnlyList<Tensor> data)
    {
        var layers = model.named_modules().Prepend((name: model.GetName(), module: model))
            .Where(m => m.module is BatchNorm { track_running_stats: true }).ToList();
        var before = new SavedState();
        if (layers.Count == 0)
        {
            return new Correction(quantized, before, new CorrectionReport("batch-norm statistics", [], []));
        }

        using var scope = NewDisposeScope();
        foreach (var (_, module) in layers)
        {
            foreach (var buffer in Buffers.Where(b => module.get_buffer(b) is not null))
            {
                before.Write(module, buffer, module.get_buffer(buffer)!);
            }
        }

        var (isCorrected, what) = (true, "mean and variance measured anew");
        try
        {
            BatchNormStatistics.Reestimate(model, data);
        }
        catch (ArgumentException fault)
        {
            // All of it is folded: the data were found to be good before.
            (isCorrected, what) = (false, fault.Message);
        }
        catch
        {
            before.Restore();
            before.Dispose();
            throw;
        }

        var entries = layers.Select(l => new CorrectionEntry(l.name, isCorrected, what)).ToList();
        return new Correction(quantized, before, new CorrectionReport("batch-norm statistics", entries, []));
    }
}
