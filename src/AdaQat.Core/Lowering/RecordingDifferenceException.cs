namespace AdaQat.Lowering;

/// <summary>Two recordings of one model that do not go together; the message says where they part.</summary>
internal sealed class RecordingDifferenceException(string module, string message) : Exception(message)
{
    /// <summary>The module in which they part.</summary>
    public string Module => module;
}
