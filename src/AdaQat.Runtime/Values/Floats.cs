namespace AdaQat.Runtime;

/// <summary>Floating-point numbers of 32 bits: what goes in and comes out, and what float islands compute.</summary>
public sealed record Floats : NumberType
{
    /// <inheritdoc/>
    public override long MinInteger => 0;

    /// <inheritdoc/>
    public override long MaxInteger => 0;

    /// <inheritdoc/>
    public override int Bytes => 4;
}
