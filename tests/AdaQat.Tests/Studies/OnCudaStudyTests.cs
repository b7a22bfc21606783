using AdaQat.Studies.OnCuda;
using FluentAssertions;
using Samples.CommandLine;
using Xunit;
using static TorchSharp.torch;

namespace AdaQat.Tests.Studies;

public class OnCudaStudyTests
{
    [Fact]
    public void Without_a_GPU_the_study_says_so()
    {
        if (!cuda.is_available())
        {
            FluentActions.Invoking(() => OnCudaStudy.Execute(20)).Should().Throw<SampleException>()
                .Where(fault => fault.ExitCode == ExitCode.Usage).WithMessage("*no CUDA device*");
        }
    }
}
