namespace AdaQat.Search.Networks;

/// <summary>
/// Keeps what went wrong in a backward pass: libtorch calls it, and an exception that left it would end the process.
/// </summary>
internal sealed class BackwardFaults
{
    private Exception? _fault;

    public void Note(Exception fault) => Interlocked.CompareExchange(ref _fault, fault, null);

    /// <summary>Raises what was kept, and forgets it.</summary>
    /// <exception cref="InvalidOperationException">Something went wrong; it is the inner exception.</exception>
    public void Raise()
    {
        if (Interlocked.Exchange(ref _fault, null) is { } fault)
        {
            throw new InvalidOperationException($"The backward pass of the search failed: {fault.Message}", fault);
        }
    }
}
