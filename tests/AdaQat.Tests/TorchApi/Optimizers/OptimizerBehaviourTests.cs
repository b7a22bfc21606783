using TorchSharp.Modules;

namespace AdaQat.Tests.TorchApi.Optimizers;

/// <summary>Groups, gradients, closures and options of optimizers.</summary>
public class OptimizerBehaviourTests
{
    [Fact]
    public void A_parameter_without_a_gradient_stays_as_it_is()
    {
        using var problem = new Descent();
        using var optimizer = torch.optim.SGD(problem.Parameters, 0.1, momentum: 0.9, weight_decay: 0.1);

        problem.Steps(optimizer, 3);

        Descent.Read(problem.Unused).Should().Equal(3, -3);
    }

    [Fact]
    public void Clearing_gradients_sets_them_to_zero()
    {
        using var problem = new Descent();
        using var optimizer = torch.optim.SGD(problem.Parameters, 0.1);
        problem.Loss().backward();

        optimizer.zero_grad();

        Descent.Read(problem.Vector.grad!).Should().Equal(0, 0, 0);
        problem.Unused.grad.Should().BeNull();
    }

    [Fact]
    public void A_closure_computes_the_loss_with_gradients_and_before_the_update()
    {
        using var problem = new Descent();
        using var optimizer = torch.optim.SGD(problem.Parameters, 0.1);
        var before = problem.Loss().ToDouble();

        var loss = optimizer.step(() =>
        {
            var computed = problem.Loss();
            computed.backward();
            return computed;
        });

        loss.ToDouble().Should().Be(before);
        problem.Loss().ToDouble().Should().BeLessThan(before);
    }

    [Fact]
    public void A_step_leaves_parameters_leaves_that_require_gradients()
    {
        using var problem = new Descent();
        using var optimizer = torch.optim.Adam(problem.Parameters);

        problem.Step(optimizer);

        problem.Matrix.requires_grad.Should().BeTrue();
        problem.Matrix.is_leaf.Should().BeTrue();
    }

    [Fact]
    public void A_group_that_is_added_later_takes_the_options_it_does_not_set()
    {
        using var problem = new Descent();
        using var optimizer = torch.optim.SGD([problem.Matrix], 0.1, momentum: 0.9);

        optimizer.add_param_group(new SGD.ParamGroup { Parameters = [problem.Vector], Options = new SGD.Options { momentum = 0.5 } });
        problem.Step(optimizer);

        optimizer.ParamGroups.Select(group => group.LearningRate).Should().Equal(0.1, 0.1);
        optimizer.ParamGroups.Select(group => group.InitialLearningRate).Should().Equal(0.1, 0.1);
        optimizer.ParamGroups.Cast<torch.optim.IMomentum>().Select(group => group.Momentum).Should().Equal(0.9, 0.5);
        optimizer.parameters().Should().Equal([problem.Matrix, problem.Vector]);
        Descent.Read(problem.Vector).Should().NotEqual([1.0, -2.0, 0.25]);
    }

    [Fact]
    public void A_groups_rate_can_be_set()
    {
        using var problem = new Descent();
        using var optimizer = torch.optim.SGD(problem.Parameters, 0.1);
        optimizer.ParamGroups.Single().LearningRate = 0;

        problem.Step(optimizer);

        Descent.Read(problem.Vector).Should().Equal(1.0, -2.0, 0.25);
    }

    [Fact]
    public void The_decay_of_AdamW_defaults_to_none_as_in_TorchSharp_and_not_as_in_PyTorch()
    {
        using var problem = new Descent();
        using var optimizer = torch.optim.AdamW(problem.Parameters);

        ((AdamW.Options)optimizer.state_dict().Options[0]).weight_decay.Should().Be(0);
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        using var problem = new Descent();
        var parameters = problem.Parameters;

        Refuses(() => torch.optim.SGD(parameters, -0.1));
        Refuses(() => torch.optim.SGD(parameters, 0.1, momentum: -1));
        Refuses(() => torch.optim.SGD(parameters, 0.1, weight_decay: -1));
        Refuses(() => torch.optim.SGD(parameters, 0.1, nesterov: true));
        Refuses(() => torch.optim.SGD(parameters, 0.1, momentum: 0.9, dampening: 0.1, nesterov: true));
        Refuses(() => torch.optim.Adam(parameters, -0.1));
        Refuses(() => torch.optim.Adam(parameters, beta1: 1));
        Refuses(() => torch.optim.AdamW(parameters, beta2: -0.1));
        Refuses(() => torch.optim.AdamW(parameters, eps: -1));
        Refuses(() => torch.optim.RMSProp(parameters, momentum: -1));

        static void Refuses(Func<torch.optim.Optimizer> make) => make.Should().Throw<ArgumentException>();
    }
}
