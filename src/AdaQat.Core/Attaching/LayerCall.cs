namespace AdaQat.Attaching;

/// <summary>A call of a layer: under way, or ended by an exception, after which no hook is run.</summary>
/// <param name="isAlone">Whether no other thread may be in the layer: it is trained or probed.</param>
internal sealed class LayerCall(bool isAlone)
{
    private readonly Thread _thread = Thread.CurrentThread;

    public bool IsAlone => isAlone;

    /// <summary>The quantized input that it computes with.</summary>
    public QuantizedInput? Input { get; set; }

    /// <summary>Whether it computes with the weight that was lent to the layer's field.</summary>
    public bool HasWeight { get; set; }

    /// <summary>Whether this thread made it.</summary>
    public bool IsOwn => _thread == Thread.CurrentThread;

    /// <summary>Whether it has certainly ended.</summary>
    public bool IsOver => !_thread.IsAlive || Input is { IsGone: true };

    public int ThreadId => _thread.ManagedThreadId;
}
