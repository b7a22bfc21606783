using AdaQat.Quantization;

namespace AdaQat.AfterTraining;

/// <summary>What was done to a model, to be undone in the reverse order, and its quantizers as they were before.</summary>
internal sealed class UndoStack(QuantizedModel quantized) : IDisposable
{
    private readonly QuantizerSnapshot _quantizers = new(Quantizers(quantized));
    private readonly Stack<Correction> _corrections = [];

    /// <summary>Takes a correction over.</summary>
    public void Push(Correction correction) => _corrections.Push(correction);

    /// <summary>Undoes everything. Where one correction can't be undone, nothing is.</summary>
    public void Undo()
    {
        if (quantized.IsBaked)
        {
            throw new InvalidOperationException("The model was baked since: its weights are the quantized ones, and can't be taken back.");
        }

        while (_corrections.TryPop(out var correction))
        {
            correction.Dispose();
        }

        _quantizers.Restore();
        _quantizers.Dispose();
    }

    /// <summary>Makes all of it last.</summary>
    public void Dispose()
    {
        while (_corrections.TryPop(out var correction))
        {
            correction.Keep();
        }

        _quantizers.Dispose();
    }

    /// <summary>All quantizers of a model.</summary>
    public static IEnumerable<Quantizer> Quantizers(QuantizedModel quantized) =>
        quantized.Layers.SelectMany(l => new[] { l.WeightQuantizer, l.ActivationQuantizer })
            .Concat(quantized.Joins.Select(join => join.Quantizer));
}
