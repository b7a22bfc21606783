namespace AdaQat.Benchmarks.Steps;

/// <summary>A training step that can be taken again and again.</summary>
public interface ITimedStep
{
    /// <summary>Takes one step; returns the seconds that it took.</summary>
    double Take();
}
