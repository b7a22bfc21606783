using TorchSharp.Modules;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace AdaQat.Tests.TorchApi.Optimizers;

/// <summary>
/// Every schedule gives the rates of PyTorch's, from its making on. A cyclic schedule's momenta are not compared: TorchSharp's differ.
/// </summary>
public class ScheduleTests
{
    public static TheoryData<string> Names(string kind)
    {
        var names = new TheoryData<string>();
        foreach (var schedule in OptimizerFixtures.Instance.Schedules)
        {
            var its = schedule.Metrics is not null ? "metric" : Schedules.Epochs(schedule.Name).Length > 0 ? "epochs" : "steps";
            if (its == kind) names.Add(schedule.Name);
        }
        return names;
    }

    [Theory]
    [MemberData(nameof(Names), "steps")]
    public void Rates_follow_PyTorch_step_by_step(string name)
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor(name, problem);
        var fixture = Fixture(name);
        var schedule = Schedules.Make(name, optimizer);

        for (var step = 0; step < fixture.Rates.Count; step++)
        {
            if (step > 0) schedule.step();
            RatesShouldBe(optimizer, fixture.Rates[step], step);
            if (fixture.Momenta.Count > 0) Momentum(optimizer).Should().BeApproximately(fixture.Momenta[step], 1e-12, "step {0}", step);
        }
    }

    [Theory]
    [MemberData(nameof(Names), "epochs")]
    public void A_step_to_an_epoch_gives_the_closed_form(string name)
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor(name, problem);
        var fixture = Fixture(name);
        var schedule = Schedules.Make(name, optimizer);

        RatesShouldBe(optimizer, fixture.Rates[0], 0);
        foreach (var (epoch, rates) in Schedules.Epochs(name).Zip(fixture.Rates.Skip(1)))
        {
            schedule.step(epoch);
            RatesShouldBe(optimizer, rates, epoch);
        }
    }

    [Theory]
    [MemberData(nameof(Names), "metric")]
    public void Rates_fall_when_the_metric_rests(string name)
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor(name, problem);
        var fixture = Fixture(name);
        var schedule = Schedules.Make(name, optimizer);

        for (var step = 0; step < fixture.Rates.Count; step++)
        {
            schedule.step(fixture.Metrics![step]);
            RatesShouldBe(optimizer, fixture.Rates[step], step);
        }
    }

    [Fact]
    public void The_last_rates_are_those_of_the_groups()
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor("step", problem);
        var schedule = ExponentialLR(optimizer, 0.5);

        schedule.step();

        schedule.get_last_lr().Should().Equal(0.05, 0.01);
    }

    [Fact]
    public void Each_group_may_have_its_own_function()
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor("lambda", problem);
        var schedule = new impl.LambdaLR(optimizer, [epoch => 1.0 / (1 + epoch), epoch => 1 + epoch]);

        schedule.step();
        schedule.step();

        RatesShouldBe(optimizer, [0.1 / 3, 0.06], 2);
    }

    [Fact]
    public void A_schedule_resumes_at_a_later_epoch()
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor("exponential", problem);
        var schedule = ExponentialLR(optimizer, 0.5);
        for (var i = 0; i < 3; i++) schedule.step();
        var rates = optimizer.ParamGroups.Select(group => group.LearningRate).ToArray();
        schedule.step();

        using var resumed = Schedules.OptimizerFor("exponential", problem);
        foreach (var (group, rate) in resumed.ParamGroups.Zip(rates)) group.LearningRate = rate;
        ExponentialLR(resumed, 0.5, last_epoch: 3);

        RatesShouldBe(resumed, optimizer.ParamGroups.Select(group => group.LearningRate).ToArray(), 4);
    }

    [Fact]
    public void A_plateau_schedule_refuses_a_step_without_a_metric()
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor("plateau", problem);
        var schedule = ReduceLROnPlateau(optimizer);

        schedule.Invoking(s => s.step()).Should().Throw<InvalidOperationException>();
        schedule.Invoking(s => s.step((int?)3)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_one_cycle_schedule_ends()
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor("one cycle", problem);
        var schedule = OneCycleLR(optimizer, 0.5, total_steps: 4);
        for (var i = 0; i < 4; i++) schedule.step();

        schedule.Invoking(s => s.step()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Senseless_arguments_are_refused()
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor("step", problem);
        using var other = Schedules.OptimizerFor("step", problem);
        using var withoutMomentum = torch.optim.Adam(problem.Parameters);

        Refuses(() => ReduceLROnPlateau(optimizer, factor: 1));
        Refuses(() => ReduceLROnPlateau(optimizer, mode: "median"));
        Refuses(() => ReduceLROnPlateau(optimizer, threshold_mode: "none"));
        Refuses(() => OneCycleLR(optimizer, 0.1));
        Refuses(() => OneCycleLR(optimizer, 0.1, total_steps: 0));
        Refuses(() => OneCycleLR(optimizer, 0.1, total_steps: 5, pct_start: 2));
        Refuses(() => CyclicLR(withoutMomentum, 0.01, 0.1));
        Refuses(() => SequentialLR(optimizer, [StepLR(optimizer, 1), StepLR(optimizer, 1)], []));
        Refuses(() => SequentialLR(optimizer, [StepLR(optimizer, 1), StepLR(other, 1)], [3]));

        static void Refuses(Func<LRScheduler> make) => make.Should().Throw<ArgumentException>();
    }

    private static OptimizerFixtures.Schedule Fixture(string name) =>
        OptimizerFixtures.Instance.Schedules.Single(schedule => schedule.Name == name);

    private static double Momentum(Optimizer optimizer) => optimizer.ParamGroups.First() switch
    {
        IBetas betas => betas.Betas.Item1,
        IMomentum momentum => momentum.Momentum,
        var group => throw new InvalidDataException($"A group of type {group.GetType()} has no momentum."),
    };

    private static void RatesShouldBe(Optimizer optimizer, double[] expected, int step)
    {
        var rates = optimizer.ParamGroups.Select(group => group.LearningRate).ToArray();
        rates.Should().HaveSameCount(expected);
        for (var i = 0; i < rates.Length; i++) rates[i].Should().BeApproximately(expected[i], 1e-12, "step {0}, group {1}", step, i);
    }
}
