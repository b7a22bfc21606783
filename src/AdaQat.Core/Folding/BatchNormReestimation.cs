using AdaQat.Corrections;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary><see cref="BatchNormStatistics"/>, measured anew in a way that can be taken back.</summary>
public static class BatchNormReestimation
{
    /// <summary>Averages over batches.</summary>
    /// <param name="quantized">The model, which takes one tensor.</param>
    /// <param name="batches">Inputs on its device, as it is trained on; they stay the caller's.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">
    /// There are no batches, or one is empty or holds NaN or infinity; or the model has no batch normalisation with running statistics that
    /// a batch reaches. Nothing has changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked, or takes something else than one tensor.</exception>
    public static Correction Apply(QuantizedModel quantized, IReadOnlyList<Tensor> batches)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        CorrectedNetwork.RequireOpen(quantized);
        return Apply(quantized, CorrectionData.Forwards(quantized.Model, batches));
    }

    /// <summary>Averages over the forwards that <paramref name="forwards"/> makes, for models of any number of inputs.</summary>
    /// <param name="quantized">The model.</param>
    /// <param name="forwards">Calls the model once for each batch. It runs in training mode without gradient.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">The model has no batch normalisation with running statistics that a batch reaches.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    public static Correction Apply(QuantizedModel quantized, Action forwards)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(forwards);
        CorrectedNetwork.RequireOpen(quantized);
        quantized.Settle();
        using var scope = NewDisposeScope();
        var before = new SavedState();
        var layers = quantized.Model.named_modules().Append((name: "", module: quantized.Model))
            .Where(m => m.module is BatchNorm { running_mean: not null, running_var: not null })
            .Select(m => (m.name, Norm: (BatchNorm)m.module, Mean: ((BatchNorm)m.module).running_mean!.clone())).ToList();
        foreach (var (_, norm, _) in layers)
        {
            before.Save(norm, "running_mean");
            before.Save(norm, "running_var");
            if (norm.num_batches_tracked is not null)
            {
                before.Save(norm, "num_batches_tracked");
            }
        }

        try
        {
            BatchNormStatistics.Reestimate(quantized.Model, forwards);
        }
        catch
        {
            before.Dispose();
            throw;
        }

        var entries = layers.Select(layer => Entry(layer.name, layer.Norm.running_mean! - layer.Mean)).ToList();
        return new Correction(quantized, before, new("batch-norm re-estimation", entries, []));
    }

    private static CorrectionEntry Entry(string name, Tensor change)
    {
        var most = change.abs().max().to(ScalarType.Float64).item<double>();
        return most == 0
            ? new CorrectionEntry(name, IsCorrected: false, "no batch reached it, or it is folded")
            : new CorrectionEntry(name, IsCorrected: true, FormattableString.Invariant($"means moved by up to {most:G3}"));
    }
}
