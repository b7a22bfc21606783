namespace AdaQat.Tests.TorchApi.Optimizers;

/// <summary>A step leaves no tensor behind, and an optimizer keeps what it needs alive and gives it back when disposed.</summary>
public class OptimizerLifetimeTests
{
    public static TheoryData<string, string> Cases() => TrajectoryTests.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_leave_no_tensors_behind(string optimizer, string name)
    {
        var fixture = OptimizerFixtures.Instance.Trajectories.Single(f => f.Optimizer == optimizer && f.Name == name);
        using var problem = new Descent();
        using var made = Optimizers.Make(fixture, problem);
        problem.Step(made);

        var before = Live();
        for (var i = 0; i < 20; i++) Update(made);

        Live().Should().Be(before);

        // The gradients are still there: what lives outside a dispose scope is what the optimizer itself makes.
        static void Update(torch.optim.Optimizer optimizer)
        {
            optimizer.step();
            optimizer.zero_grad();
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_disposed_optimizer_gives_all_its_tensors_back(string optimizer, string name)
    {
        var fixture = OptimizerFixtures.Instance.Trajectories.Single(f => f.Optimizer == optimizer && f.Name == name);
        using var problem = new Descent();
        var before = Live();

        using (var made = Optimizers.Make(fixture, problem)) problem.Steps(made, 3);

        Live().Should().Be(before);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void State_outlives_the_dispose_scope_it_was_made_in(string optimizer, string name)
    {
        var fixture = OptimizerFixtures.Instance.Trajectories.Single(f => f.Optimizer == optimizer && f.Name == name);
        using var problem = new Descent();
        global::TorchSharp.Modules.OptimizerHelper made;
        using (torch.NewDisposeScope())
        {
            made = Optimizers.Make(fixture, problem);
            problem.Steps(made, 2);
        }

        problem.Invoking(p => p.Steps(made, 2)).Should().NotThrow();
        made.Dispose();
    }

    private static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
}
