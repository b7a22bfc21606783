namespace AdaQat.Isolation;

/// <summary>A module that is told when the forwards it takes part in are to leave no trace.</summary>
internal interface IIsolated
{
    /// <summary>Forwards leave no trace from now on, until <see cref="EndIsolation"/>; may be nested.</summary>
    void BeginIsolation();

    /// <summary>Ends that.</summary>
    void EndIsolation();
}
