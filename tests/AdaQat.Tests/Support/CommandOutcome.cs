using Samples.CommandLine;

namespace AdaQat.Tests.Support;

/// <summary>How a command line ended, and what it wrote on its error stream.</summary>
internal sealed record CommandOutcome(int Code, string Error)
{
    public static CommandOutcome Of(Func<TextWriter, int> invoke)
    {
        using var error = new StringWriter();
        var code = invoke(error);
        return new CommandOutcome(code, error.ToString());
    }

    /// <summary>A usage error that names the option, its value and what is allowed.</summary>
    public void ShouldRefuse(string option, string value, string allowed)
    {
        Code.Should().Be(ExitCode.Usage);
        Error.Should().Contain(option).And.Contain($"'{value}'").And.Contain(allowed);
    }
}
