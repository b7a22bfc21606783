using System.Diagnostics;
using System.Text;

namespace AdaQat.Tests.Support;

/// <summary>Another program, run to its end.</summary>
internal static class ChildProcess
{
    /// <summary>What the test host was given for itself. MSBuild in a child would take these for its own.</summary>
    private static readonly string[] OfTheTestHost = ["MSBUILD", "VSTEST", "DOTNET_HOST", "DOTNET_STARTUP_HOOKS", "CORECLR_", "COR_"];

    /// <summary>The .NET host that the tests themselves run on.</summary>
    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs a .NET command and returns what it wrote.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">Variables that it gets besides those of the tests.</param>
    /// <param name="arguments">The command and its arguments.</param>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public static string RunDotnet(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Dotnet, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfTheTestHost).ToList())
        {
            start.Environment.Remove(name);
        }

        // A build server that outlives the child would hold its output open, and waiting for its end would never end.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Run(start);
    }

    /// <summary>Runs a program that needs no .NET and returns what it wrote.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="arguments">What it is given.</param>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public static string Run(string program, params string[] arguments) => Run(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    });

    private static bool IsOfTheTestHost(string name) =>
        OfTheTestHost.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static string Run(ProcessStartInfo start)
    {
        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.ToString()
            : throw new InvalidOperationException(
                $"'{start.FileName} {string.Join(' ', start.ArgumentList)}' in '{start.WorkingDirectory}' "
                + $"ended with exit code {process.ExitCode}:\n{output}");

        void Append(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                if (line.Data is not null)
                {
                    output.Append(line.Data).Append('\n');
                }
            }
        }
    }
}
