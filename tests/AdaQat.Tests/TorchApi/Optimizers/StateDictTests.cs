using TorchSharp.Modules;

namespace AdaQat.Tests.TorchApi.Optimizers;

/// <summary>A run that goes on from stored state is, to the bit, the run that was not interrupted.</summary>
public class StateDictTests
{
    public static TheoryData<string, string> Cases() => TrajectoryTests.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_resumed_in_memory_is_the_run_uninterrupted(string optimizer, string name) =>
        ResumedShouldEqualUninterrupted(optimizer, name, (stored, resumed) => resumed.load_state_dict(stored.state_dict()));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_resumed_from_bytes_is_the_run_uninterrupted(string optimizer, string name) =>
        ResumedShouldEqualUninterrupted(optimizer, name, (stored, resumed) =>
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            stored.save_state_dict(writer);
            writer.Flush();
            stream.Position = 0;
            using var reader = new BinaryReader(stream);
            resumed.load_state_dict(reader);
            stream.Position.Should().Be(stream.Length);
        });

    [Fact]
    public void A_run_resumed_from_a_file_is_the_run_uninterrupted() =>
        ResumedShouldEqualUninterrupted("SGD", "weight decay, nesterov", (stored, resumed) =>
        {
            var file = Path.GetTempFileName();
            try
            {
                stored.save_state_dict(file);
                resumed.load_state_dict(file);
            }
            finally
            {
                File.Delete(file);
            }
        });

    [Fact]
    public void Loading_copies_so_that_the_source_may_be_disposed()
    {
        using var problem = new Descent();
        using var target = torch.optim.Adam(problem.Parameters);
        using (var source = torch.optim.Adam(problem.Parameters))
        {
            problem.Step(source);
            target.load_state_dict(source.state_dict());
        }

        problem.Invoking(p => p.Step(target)).Should().NotThrow();
    }

    [Fact]
    public void A_state_dictionary_has_an_entry_for_each_group_and_each_parameter()
    {
        using var problem = new Descent();
        using var optimizer = Schedules.OptimizerFor("step", problem);

        var dictionary = optimizer.state_dict();

        dictionary.Options.Select(options => options.LearningRate).Should().Equal(0.1, 0.02);
        dictionary.State.Should().HaveCount(3);
        dictionary.StateIndexRef.Should().BeEquivalentTo(new List<int>[] { [0], [1, 2] }, options => options.WithStrictOrdering());
    }

    [Fact]
    public void States_are_compared_by_value()
    {
        using var problem = new Descent();
        using var one = torch.optim.Adam(problem.Parameters);
        using var other = torch.optim.Adam(problem.Parameters);
        problem.Step(one);

        one.state_dict().State[0].ApproximatelyEquals(other.state_dict().State[0]).Should().BeFalse();
        other.load_state_dict(one.state_dict());
        one.state_dict().State[0].ApproximatelyEquals(other.state_dict().State[0]).Should().BeTrue();
    }

    [Fact]
    public void State_of_another_kind_or_size_is_refused()
    {
        using var problem = new Descent();
        using var optimizer = torch.optim.SGD(problem.Parameters, 0.1);
        using var adam = torch.optim.Adam(problem.Parameters);
        using var smaller = torch.optim.SGD([problem.Matrix], 0.1);
        using var grouped = Schedules.OptimizerFor("step", problem);

        optimizer.Invoking(o => Reload(adam, o)).Should().Throw<InvalidDataException>();
        optimizer.Invoking(o => Reload(smaller, o)).Should().Throw<ArgumentException>();
        optimizer.Invoking(o => Reload(grouped, o)).Should().Throw<ArgumentException>();
        optimizer.Invoking(o => o.load_state_dict(smaller.state_dict())).Should().Throw<ArgumentException>();
        optimizer.Invoking(o => o.load_state_dict(grouped.state_dict())).Should().Throw<ArgumentException>();

        static void Reload(OptimizerHelper from, OptimizerHelper to)
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            from.save_state_dict(writer);
            stream.Position = 0;
            using var reader = new BinaryReader(stream);
            to.load_state_dict(reader);
        }
    }

    private static void ResumedShouldEqualUninterrupted(string optimizer, string name, Action<OptimizerHelper, OptimizerHelper> reload)
    {
        var fixture = OptimizerFixtures.Instance.Trajectories.Single(f => f.Optimizer == optimizer && f.Name == name);
        using var problem = new Descent();
        using var uninterrupted = Optimizers.Make(fixture, problem);
        problem.Steps(uninterrupted, 4);
        foreach (var group in uninterrupted.ParamGroups) group.LearningRate *= 0.75;

        using var resumedProblem = new Descent();
        using var resumed = Optimizers.Make(fixture, resumedProblem);
        resumedProblem.Steps(resumed, 1);
        resumedProblem.CopyFrom(problem);
        reload(uninterrupted, resumed);

        for (var step = 0; step < 5; step++)
        {
            problem.Step(uninterrupted);
            resumedProblem.Step(resumed);
            resumedProblem.Values.Should().Equal(problem.Values, "step {0}", step);
        }
    }
}
