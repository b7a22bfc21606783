using System.ComponentModel;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.Python;

/// <summary>A Python that has torch.</summary>
/// <param name="Path">How to start it.</param>
/// <param name="Versions">Of it and its torch.</param>
internal sealed record PythonInterpreter(string Path, PythonVersions Versions)
{
    /// <summary>The system's own comes first: python3-torch is for that one, and shares the system's libtorch.</summary>
    private static readonly string[] Candidates = ["/usr/bin/python3", "python3", "python"];

    /// <exception cref="SampleException">There is none; the message says what was tried.</exception>
    public static PythonInterpreter Find()
    {
        var refusals = new List<string>();
        foreach (var candidate in Candidates)
        {
            try
            {
                using var process = new PythonProcess(candidate, batchSize: 1, threads: 1);
                return new PythonInterpreter(candidate, process.Versions);
            }
            catch (SampleException fault)
            {
                refusals.Add(fault.Message.Split('\n')[^1].Trim());
            }
            catch (Win32Exception fault)
            {
                refusals.Add(fault.Message);
            }
        }

        throw new SampleException(
            $"--python: there is no python3 with torch here ({string.Join("; ", refusals)}). On Debian and Ubuntu: apt-get install "
            + "python3-torch.");
    }

    public PythonProcess Start(int batchSize, int threads) => new(Path, batchSize, threads);
}
