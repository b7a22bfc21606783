namespace AdaQat.Attaching;

/// <summary>Lets a model compute in float for the life of the object.</summary>
internal sealed class FloatRequest : IDisposable
{
    private AttachmentState? _state;

    public FloatRequest(AttachmentState state)
    {
        _state = state;
        state.FloatRequests++;
    }

    public void Dispose()
    {
        if (_state is { } state)
        {
            state.FloatRequests--;
            _state = null;
        }
    }
}
