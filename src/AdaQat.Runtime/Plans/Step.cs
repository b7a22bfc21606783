namespace AdaQat.Runtime;

/// <summary>A part of a run: a node, or several that are computed together.</summary>
internal abstract class Step
{
    /// <summary>The values and the scratch that it needs.</summary>
    public abstract IEnumerable<Slot> Slots { get; }

    /// <summary>The bytes of weights in the kernels' order.</summary>
    public virtual long WeightBytes => 0;

    public abstract void Run(RunState state);
}
