using AdaQat.Benchmarks.Steps;

namespace AdaQat.Benchmarks.Python;

/// <summary>A step that Python takes.</summary>
internal sealed class PythonStep(PythonProcess process, StepKind kind) : ITimedStep
{
    public double Take() => process.Take(kind.Name);
}
