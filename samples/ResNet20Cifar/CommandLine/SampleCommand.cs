using System.CommandLine;

namespace ResNet20Cifar.CommandLine;

/// <summary>The sample's command line.</summary>
public sealed class SampleCommand
{
    private readonly SampleOptions _options = new();
    private readonly RootCommand _root;

    /// <param name="run">Does what a good command line asks for; returns the exit code.</param>
    public SampleCommand(Func<Request, int> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _root = new RootCommand("Trains ResNet-20 on CIFAR-10 while AdaQAT learns the bit-widths of its weights and activations.");
        foreach (var option in _options.All)
        {
            _root.Add(option);
        }

        _root.SetAction(result => run(_options.Read(result)));
    }

    /// <summary>Runs the command line. What is wrong with it goes to <paramref name="error"/>, all of it, with exit code 2.</summary>
    public int Invoke(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var result = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var faults = result.Errors.Count > 0
            ? [.. result.Errors.Select(fault => fault.Message)]
            : OptionConflicts.Of(_options, result).ToList();
        if (faults.Count == 0 || result.Action is System.CommandLine.Help.HelpAction)
        {
            return result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }

        foreach (var fault in faults)
        {
            error.WriteLine(fault);
        }

        error.WriteLine("--help lists the options.");
        return ExitCode.Usage;
    }
}
