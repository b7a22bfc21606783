using AdaQat.Checkpoints;
using AdaQat.Tests.Support;
using FluentAssertions;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace AdaQat.Tests.Optimizers;

/// <summary>Steps with held numbers beside TorchSharp's own.</summary>
public sealed class HeldStepTests
{
    private const int Steps = 120;

    public static TheoryData<string> Held() => [.. OptimizerCases.Held.Keys];

    [Theory]
    [MemberData(nameof(Held))]
    public void A_held_step_is_the_optimizers_own_to_the_bit_over_many_steps(string name)
    {
        using var scope = NewDisposeScope();
        var (own, held) = (Make(name), Make(name));
        for (var step = 0; step < Steps; step++)
        {
            GiveGradients(step, own.Parameters, held.Parameters);
            own.Optimizer.step();
            held.Optimizer.StepHeld().Should().BeTrue();

            RequireSame(own, held, step);
        }
    }

    [Theory]
    [MemberData(nameof(Held))]
    public void Held_steps_and_own_steps_of_one_optimizer_may_follow_each_other(string name)
    {
        using var scope = NewDisposeScope();
        var (own, mixed) = (Make(name), Make(name));
        for (var step = 0; step < 12; step++)
        {
            GiveGradients(step, own.Parameters, mixed.Parameters);
            own.Optimizer.step();
            if (step / 3 % 2 == 0)
            {
                mixed.Optimizer.StepHeld();
            }
            else
            {
                mixed.Optimizer.step();
            }

            RequireSame(own, mixed, step);
        }
    }

    [Theory]
    [MemberData(nameof(Held))]
    public void A_held_step_leaves_no_tensor_behind_and_nothing_in_the_callers_scope(string name)
    {
        using var scope = NewDisposeScope();
        var (optimizer, parameters) = Make(name);
        GiveGradients(1, parameters);
        optimizer.StepHeld();
        var mine = scope.DisposablesCount;

        LiveTensors.LeftBy(() => optimizer.StepHeld()).Should().Be(0);

        scope.DisposablesCount.Should().Be(mine);
    }

    [Fact]
    public void An_optimizer_of_another_kind_makes_its_own_step_and_says_so()
    {
        using var scope = NewDisposeScope();
        var (own, other) = (Parameters(), Parameters());
        using var first = optim.RMSProp(own, 0.01);
        using var second = optim.RMSProp(other, 0.01);
        for (var step = 0; step < 3; step++)
        {
            GiveGradients(step, own, other);
            first.step();
            second.StepHeld().Should().BeFalse();
        }

        own.Zip(other).Should().AllSatisfy(p => p.First.Equals(p.Second).Should().BeTrue());
    }

    [Fact]
    public void A_derived_optimizer_makes_the_step_that_it_overrides()
    {
        using var scope = NewDisposeScope();
        using var counting = new CountingSgd(Parameters());

        counting.StepHeld().Should().BeFalse();

        counting.Count.Should().Be(1);
    }

    /// <summary>
    /// Steps that hold no numbers fail here within some hundred, once their code is optimized: before that it keeps its variables to the
    /// end of a method.
    /// </summary>
    [Theory]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("sgd, Nesterov")]
    public void Numbers_stay_what_they_are_while_garbage_is_collected_beside_the_steps(string name)
    {
        using var scope = NewDisposeScope();
        var parameters = FinalizedNumbers.Parameters();
        var optimizer = OptimizerCases.Held[name](parameters);
        using var garbage = new GarbageThread();

        for (var step = 0; step < 3000; step++)
        {
            optimizer.StepHeld();
        }

        parameters.Should().OnlyContain(parameter => parameter.isfinite().all().item<bool>());
    }

    private static (OptimizerHelper Optimizer, IReadOnlyList<Parameter> Parameters) Make(string name)
    {
        var parameters = Parameters();
        return (OptimizerCases.Held[name](parameters), parameters);
    }

    /// <summary>Of several shapes, one of them of float64, as α of a search is.</summary>
    private static List<Parameter> Parameters()
    {
        manual_seed(5);
        return [new(randn(3, 4)), new(randn(7)), new(randn(2, 2, 3)), new(randn(5, dtype: ScalarType.Float64)), new(randn(1))];
    }

    /// <summary>The same to each; none to the last parameter in every third step, as to one that no forward has used.</summary>
    private static void GiveGradients(int step, params ReadOnlySpan<IReadOnlyList<Parameter>> all)
    {
        foreach (var parameters in all)
        {
            manual_seed(100 + step);
            foreach (var (place, parameter) in parameters.Index())
            {
                using var gradient = randn_like(parameter);
                parameter.grad = place == parameters.Count - 1 && step % 3 == 0 ? null : gradient;
            }
        }
    }

    private static void RequireSame(
        (OptimizerHelper Optimizer, IReadOnlyList<Parameter> Parameters) one,
        (OptimizerHelper Optimizer, IReadOnlyList<Parameter> Parameters) other, int step)
    {
        foreach (var (mine, theirs) in one.Parameters.Zip(other.Parameters))
        {
            mine.bytes.SequenceEqual(theirs.bytes).Should().BeTrue($"step {step}");
        }

        using var state = OptimizerBytes.Save(one.Optimizer);
        using var otherState = OptimizerBytes.Save(other.Optimizer);
        state.bytes.SequenceEqual(otherState.bytes).Should().BeTrue($"state after step {step}");
    }

    private sealed class CountingSgd(IEnumerable<Parameter> parameters) : SGD(parameters, 0.1)
    {
        public int Count { get; private set; }

        public override Tensor step(Func<Tensor>? closure = null)
        {
            Count++;
            return base.step(closure);
        }
    }
}
