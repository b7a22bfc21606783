using System.Diagnostics;

namespace AdaQat.Tests.Checkpoints;

/// <summary>Lives of a <see cref="SavingProcess"/>: each ends at a random moment with SIGKILL.</summary>
internal sealed class KilledSaves(string folder, string name, int seed)
{
    private readonly Random _random = new(seed);
    private readonly string _path = Path.Combine(folder, name);

    /// <summary>The last step that a life said was safely on disk.</summary>
    public int Saved { get; private set; }

    /// <summary>How many lives were ended.</summary>
    public int Lives { get; private set; }

    /// <summary>How many of them ended in the middle of writing.</summary>
    public int EndedInAWrite { get; private set; }

    public void LiveAndDie()
    {
        using var saver = Start();
        Resume(saver);
        // From its first save on it does little but save, however slow the machine.
        Note(saver.StandardOutput.ReadLine() ?? "");
        Thread.Sleep(_random.Next(40));
        saver.Kill();
        saver.WaitForExit();
        Lives++;
        Note(saver.StandardOutput.ReadToEnd());
        if (Partial().Any())
        {
            EndedInAWrite++;
        }
    }

    /// <summary>A life that saves once and ends by itself.</summary>
    public void LiveOn()
    {
        using var saver = Start("1");
        Resume(saver);
        Note(saver.StandardOutput.ReadToEnd());
        saver.WaitForExit();
        saver.ExitCode.Should().Be(0);
    }

    private IEnumerable<string> Partial() => Directory.EnumerateFiles(folder, $".{name}.*");

    /// <summary>What a save returned from is what the next life finds, or one that was renamed before it could say so.</summary>
    private void Resume(Process saver)
    {
        var first = saver.StandardOutput.ReadLine();
        first.Should().StartWith("resumed ", "the checkpoint has to load: {0}", first is null ? saver.StandardError.ReadToEnd() : "");
        var step = Number(first!);
        step.Should().BeInRange(Saved, Saved + 1);
        Saved = step;
    }

    private void Note(string output) =>
        Saved = output.Split('\n').Where(line => line.StartsWith("saved ", StringComparison.Ordinal)).Select(Number).LastOrDefault(Saved);

    private static int Number(string line) => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private Process Start(params string[] more) => Process.Start(new ProcessStartInfo(
        ChildProcess.Dotnet, ["exec", typeof(SavingProcess).Assembly.Location, SavingProcess.Verb, _path, .. more])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
