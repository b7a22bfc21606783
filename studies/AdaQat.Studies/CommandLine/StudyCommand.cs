using System.CommandLine;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command line of the studies: one command each, its options, their help and their checks.</summary>
public sealed class StudyCommand
{
    private readonly RootCommand _root = new("Studies of AdaQat: measurements behind what its documentation says.");

    /// <param name="studies">A command each.</param>
    public StudyCommand(params IReadOnlyList<Command> studies)
    {
        ArgumentNullException.ThrowIfNull(studies);
        foreach (var study in studies)
        {
            _root.Add(study);
        }
    }

    /// <summary>Runs the command line. What is wrong with it goes to <paramref name="error"/>, all of it, with exit code 2.</summary>
    public int Invoke(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var result = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count == 0 || result.Action is System.CommandLine.Help.HelpAction)
        {
            return result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }

        foreach (var fault in result.Errors)
        {
            error.WriteLine(fault.Message);
        }

        error.WriteLine("--help lists the options.");
        return ExitCode.Usage;
    }
}
