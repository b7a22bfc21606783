using System.Text.Json;

namespace AdaQat.Tests.TorchApi.Optimizers;

/// <summary>What PyTorch's optimizers and schedules did: the content of Fixtures/optimizers.json.</summary>
internal sealed record OptimizerFixtures(
    IReadOnlyList<OptimizerFixtures.Trajectory> Trajectories,
    IReadOnlyList<OptimizerFixtures.Schedule> Schedules)
{
    private static readonly Lazy<OptimizerFixtures> Loaded = new(() => JsonSerializer.Deserialize<OptimizerFixtures>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "optimizers.json")), JsonSerializerOptions.Web)!);

    public static OptimizerFixtures Instance => Loaded.Value;

    /// <summary>The values of all parameters after each step. Groups, if any: that of the matrix, and that of the other two.</summary>
    internal sealed record Trajectory(
        string Name,
        string Optimizer,
        IReadOnlyDictionary<string, double> Options,
        IReadOnlyList<IReadOnlyDictionary<string, double>> Groups,
        IReadOnlyList<double[]> Steps);

    /// <summary>The rates of all groups, and where they were recorded the first group's momenta, step by step.</summary>
    internal sealed record Schedule(
        string Name,
        IReadOnlyList<double[]> Rates,
        IReadOnlyList<double> Momenta,
        IReadOnlyList<double>? Metrics);
}
