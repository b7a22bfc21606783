using AdaQat.Isolation;
using static TorchSharp.torch;

namespace AdaQat.Tests.Isolation;

/// <summary>The modules that a function can come to, and not those of other runs.</summary>
public sealed class ReachableModulesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void What_a_function_has_captured_is_found_nearest_first()
    {
        var (own, inList) = (nn.Linear(1, 1), nn.Linear(1, 1));
        var list = new List<nn.Module> { inList };
        Func<Tensor> function = () => list.Count > 0 ? own.weight : inList.weight;

        new ReachableModules().Of(function).Should().Equal(own, inList);
    }

    [Fact]
    public void The_modules_of_another_run_are_left_alone_even_where_both_know_the_experiment()
    {
        var experiment = new Experiment();
        var (one, other) = (new Run(experiment), new Run(experiment));

        var found = new ReachableModules().Of(one.Loss).ToHashSet(ReferenceEqualityComparer.Instance);

        found.SetEquals([one.Nets.Head, experiment.Teacher]).Should().BeTrue();
        found.Should().NotContain(other.Nets.Head);
    }

    [Fact]
    public void Tensors_numbers_and_texts_are_not_walked_through()
    {
        var numbers = Enumerable.Range(0, 100_000).ToList();
        var tensors = new List<Tensor> { zeros(1) };
        var head = nn.Linear(1, 1);
        Func<Tensor> function = () => numbers.Count > tensors.Count ? head.weight : tensors[0];

        new ReachableModules().Of(function).Should().Equal(head);
    }

    [Fact]
    public void A_circle_of_objects_comes_to_an_end()
    {
        var first = new Link();
        first.Next = new Link { Next = first };
        Func<Tensor> function = () => zeros(first.Next is null ? 1 : 2);

        new ReachableModules().Of(function).Should().BeEmpty();
    }

    public void Dispose() => _scope.Dispose();

    private sealed class Link
    {
        public Link? Next { get; set; }
    }

    private sealed class Experiment
    {
        public List<Run> Runs { get; } = [];

        public nn.Module Teacher { get; } = nn.Linear(1, 1);
    }

    private sealed class Networks
    {
        public TorchSharp.Modules.Linear Head { get; } = nn.Linear(1, 1);
    }

    private sealed class Run
    {
        private readonly Experiment _experiment;

        public Run(Experiment experiment)
        {
            _experiment = experiment;
            experiment.Runs.Add(this);
        }

        public Networks Nets { get; } = new();

        public Tensor Loss() => _experiment.Runs.Count > 0 ? Nets.Head.weight : zeros(1);
    }
}
