namespace AdaQat.Tests.TorchApi.Optimizers;

/// <summary>Every optimizer moves parameters as PyTorch's does, step by step, in float64.</summary>
public class TrajectoryTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var trajectory in OptimizerFixtures.Instance.Trajectories) cases.Add(trajectory.Optimizer, trajectory.Name);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parameters_move_as_in_PyTorch(string optimizer, string name)
    {
        var fixture = OptimizerFixtures.Instance.Trajectories.Single(f => f.Optimizer == optimizer && f.Name == name);
        using var problem = new Descent();
        using var made = Optimizers.Make(fixture, problem);

        for (var step = 0; step < fixture.Steps.Count; step++)
        {
            problem.Step(made);
            var expected = fixture.Steps[step];
            var actual = problem.Values;
            for (var i = 0; i < expected.Length; i++)
            {
                actual[i].Should().BeApproximately(expected[i], 1e-12 * Math.Max(1, Math.Abs(expected[i])), "step {0}, value {1}", step, i);
            }
        }
    }
}
