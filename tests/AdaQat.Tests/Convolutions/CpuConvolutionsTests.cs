using AdaQat.Convolutions;
using AdaQat.Tests.Support;
using FluentAssertions;
using Xunit;
using static TorchSharp.torch;

namespace AdaQat.Tests.Convolutions;

public class CpuConvolutionsTests
{
    [Fact]
    public void Right_convolutions_have_no_fault_and_looking_draws_no_random_number()
    {
        manual_seed(3);
        using var before = get_rng_state();

        CpuConvolutions.Fault().Should().BeNull("the tests' process begins by making sure of it");

        using var after = get_rng_state();
        after.equal(before).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void It_can_be_asked_where_nothing_has_gradients()
    {
        using var mode = inference_mode(true);

        CpuConvolutions.Fault().Should().BeNull();

        is_inference_mode_enabled().Should().BeTrue();
    }

    [Theory]
    [InlineData(0, "output", 1.5)]
    [InlineData(1, "gradient by the input", 0.7)]
    [InlineData(2, "gradient by the weight", double.NaN)]
    public void A_wrong_result_is_named_with_what_to_do(int place, string name, double factor)
    {
        using var scope = NewDisposeScope();

        var fault = ConvolutionProof.Fault((x, w) =>
        {
            var results = ConvolutionProof.Gradients(x, w);
            results[place] = results[place] * factor;
            return results;
        });

        fault.Should().Contain(name).And.Contain(nameof(CpuConvolutions.TryTurnOneDnnOff));
    }

    /// <summary>In a process of its own: the switch is the process's.</summary>
    [Fact]
    public void Without_oneDNN_convolutions_are_right()
    {
        if (OperatingSystem.IsLinux())
        {
            ChildProcess.Run(ChildProcess.Dotnet, "exec", typeof(PlainConvolutions).Assembly.Location, PlainConvolutions.Verb)
                .Should().Contain("turned off: True").And.Contain("fault: none");
        }
    }
}
