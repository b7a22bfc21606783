namespace AdaQat.Tracing;

/// <summary>A run of a model on one example.</summary>
/// <param name="Forward">Calls the model.</param>
/// <param name="BatchSize">How many samples the example has; null where it does not tell.</param>
/// <param name="InTraining">Whether the model is in training mode then, instead of eval mode.</param>
/// <param name="Inputs">What the model is given; null where a forward of the caller's own gives it.</param>
internal sealed record ExampleRun(Action Forward, long? BatchSize, bool InTraining = false, object[]? Inputs = null)
{
    /// <summary>The same example, in training mode.</summary>
    public ExampleRun Training => this with { InTraining = true };

    /// <summary>The run in words, for errors.</summary>
    public string Describe(int number, int count) =>
        $"the example input{(count > 1 ? $" number {number}" : "")}{(InTraining ? " in training mode" : "")}";
}
