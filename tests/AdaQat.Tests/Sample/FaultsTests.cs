using System.Runtime.InteropServices;
using AdaQat.Diagnostics;
using Samples.CommandLine;

namespace AdaQat.Tests.Sample;

public sealed class FaultsTests
{
    public static TheoryData<Exception, int> Expected => new()
    {
        { new SampleException("--data x: no", ExitCode.Usage), ExitCode.Usage },
        { new SampleException("damaged"), ExitCode.Failure },
        { new CheckpointException("foreign"), ExitCode.Failure },
        { new NonFiniteLossException("The loss is NaN"), ExitCode.Failure },
        { new IOException("No space left on device"), ExitCode.Failure },
        { new TorchFault("out of memory"), ExitCode.Failure },
        { new ArgumentException("The loss fails on the training batch", new TorchFault("expected Long")), ExitCode.Failure },
        { new TypeInitializationException("T", new DllNotFoundException("libx is missing.")), ExitCode.Failure },
        { new OperationCanceledException(), ExitCode.Interrupted },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void An_expected_fault_is_one_line_and_an_exit_code(Exception fault, int code)
    {
        var error = new StringWriter();

        Faults.Guard(error, () => throw fault).Should().Be(code);

        error.ToString().TrimEnd().Should().NotBeEmpty().And.NotContain("\n").And.NotContain("   at ");
    }

    [Fact]
    public void A_defect_is_not_hidden()
    {
        var run = () => Faults.Guard(TextWriter.Null, () => throw new InvalidOperationException("defect"));

        run.Should().Throw<InvalidOperationException>();
    }

    /// <summary>As TorchSharp raises it; the base class is reserved for the runtime.</summary>
    private sealed class TorchFault(string message) : ExternalException(message);
}
