using Spectre.Console;

namespace AdaQat.Tests.Support;

/// <summary>A terminal of 120 columns without colours, of which a test reads what is written.</summary>
internal static class TestTerminal
{
    public static IAnsiConsole Create(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 120;
        return console;
    }
}
