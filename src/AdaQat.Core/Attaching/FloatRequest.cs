namespace AdaQat.Attaching;

/// <summary>Lets a model compute in float for the life of the object.</summary>
internal sealed class FloatRequest : IDisposable
{
    private AttachmentState? _state;

    public FloatRequest(AttachmentState state)
    {
        _state = state;
        state.RequestFloat(1);
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref _state, null)?.RequestFloat(-1);
    }
}
