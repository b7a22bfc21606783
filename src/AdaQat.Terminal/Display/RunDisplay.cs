using Spectre.Console;

namespace AdaQat.Training;

/// <summary>The display that suits where the output goes.</summary>
public static class RunDisplay
{
    /// <summary>A panel that renews itself on a terminal; plain lines where the output is redirected, into a pipe or a file.</summary>
    /// <param name="title">One line: what is trained how.</param>
    public static IRunDisplay ForConsole(string title) => Console.IsOutputRedirected
        ? new PlainProgress(Console.Out, title) : new TerminalProgress(AnsiConsole.Console, title);
}
