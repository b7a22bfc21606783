namespace AdaQat.Runtime;

/// <summary>How a model is run: steps, and where their values are in memory. It never changes; all contexts of a model share it.</summary>
internal sealed class ExecutionPlan
{
    private readonly Step[] _steps;

    private ExecutionPlan(Step[] steps, long bytes)
    {
        (_steps, Bytes) = (steps, bytes);
        WeightBytes = steps.Sum(step => step.WeightBytes);
        Islands = [.. steps.OfType<IslandStep>()];
    }

    /// <summary>What is done, in its order.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>The memory that a run of one image needs.</summary>
    public long Bytes { get; }

    /// <summary>The bytes of weights in the kernels' order.</summary>
    public long WeightBytes { get; }

    /// <summary>The parts in float, in their order.</summary>
    public IReadOnlyList<IslandStep> Islands { get; }

    public static ExecutionPlan Of(IReadOnlyList<IntegerNode> nodes, KernelKind kind)
    {
        var planner = new Planner(nodes, kind);
        var steps = planner.Steps();
        for (var i = 0; i < steps.Length; i++)
        {
            foreach (var slot in steps[i].Slots)
            {
                slot.Use(i);
            }
        }

        return new(steps, MemoryPlan.Place(steps.SelectMany(step => step.Slots).Distinct()));
    }

    public void Run(RunState state)
    {
        foreach (var step in _steps)
        {
            step.Run(state);
        }
    }
}
