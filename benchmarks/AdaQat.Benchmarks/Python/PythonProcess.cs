using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.Python;

/// <summary>A Python that waits, asleep, for the next step to take.</summary>
internal sealed class PythonProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    /// <exception cref="SampleException">It ended before it could answer.</exception>
    public PythonProcess(string interpreter, int batchSize, int threads)
    {
        var start = new ProcessStartInfo(interpreter)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-B");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Python", "steps.py"));
        start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--batch-size={batchSize}"));
        start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--threads={threads}"));
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        _process.BeginErrorReadLine();
        try
        {
            Versions = JsonSerializer.Deserialize<PythonVersions>(Read(), JsonSerializerOptions.Web)!;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PythonVersions Versions { get; }

    /// <summary>Has one step taken; returns the seconds that it took there.</summary>
    /// <exception cref="SampleException">It ended instead.</exception>
    public double Take(string step)
    {
        try
        {
            _process.StandardInput.WriteLine(step);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended; reading finds out with what.
        }

        return double.Parse(Read(), CultureInfo.InvariantCulture);
    }

    /// <summary>It holds nothing worth a farewell.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Read()
    {
        if (_process.StandardOutput.ReadLine() is { } line)
        {
            return line;
        }

        _process.WaitForExit();
        throw new SampleException($"--python: {_process.StartInfo.FileName} ended with {_process.ExitCode}: {_errors.ToString().Trim()}");
    }
}
