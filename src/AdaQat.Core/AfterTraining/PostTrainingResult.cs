using AdaQat.AfterTraining;

namespace AdaQat;

/// <summary>A model that was quantized after training, until this is disposed with the way back.</summary>
/// <remarks>
/// The result of one call is meant to stay: disposing keeps it, and frees what <see cref="Undo"/> needs, which is about as much memory as
/// the model's weights. (A single <see cref="Correction"/> is undone by disposing.)
/// </remarks>
public sealed class PostTrainingResult : IDisposable
{
    private UndoStack? _undo;

    internal PostTrainingResult(PostTrainingReport report, UndoStack undo) => (Report, _undo) = (report, undo);

    /// <summary>What was done, and what each step brought.</summary>
    public PostTrainingReport Report { get; }

    /// <summary>How near the network has come to the float one.</summary>
    public PostTrainingQuality Quality => Report.Quality;

    /// <summary>
    /// Makes the model what it was before, to the bit: weights, batch normalisation, the state of quantizers. What was trained since is
    /// lost with it.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was undone or disposed already, or the model was baked since.</exception>
    public void Undo()
    {
        if (_undo is null)
        {
            throw new InvalidOperationException("There is nothing to undo: the result was undone already, or disposed, which keeps it.");
        }

        _undo.Undo();
        _undo = null;
    }

    /// <summary>Keeps the model as it is, and frees what undo needs.</summary>
    public void Dispose()
    {
        _undo?.Dispose();
        _undo = null;
    }

    /// <inheritdoc/>
    public override string ToString() => Report.ToString();
}
