using System.Diagnostics;

namespace AdaQat.Tests.Checkpoints;

/// <summary>A process killed while it saves leaves a checkpoint that loads: the last one that it finished.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 100;

    /// <summary>
    /// On two quiet cores a hundred take well under a minute; a machine that is busy with other things makes do with fewer.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Killed_a_hundred_times_the_newest_complete_checkpoint_loads()
    {
        // Two beside each other, in one folder: on two cores in half the time, and each must leave alone what the other is writing.
        var runs = new[] { 1, 2 }.Select(seed => new KilledSaves(_folder.Path, $"run-{seed}.safetensors", seed)).ToList();

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(runs.Select(run => Task.Run(() =>
        {
            for (var i = 0; i < Kills / runs.Count && watch.Elapsed < Longest; i++)
            {
                run.LiveAndDie();
            }
        })));

        runs.Sum(run => run.EndedInAWrite).Should().BeGreaterThan(runs.Sum(run => run.Lives) / 10, "kills between saves prove nothing");
        runs.ForEach(run => run.LiveOn());
        _folder.FileNames().Should().Equal(["run-1.safetensors", "run-2.safetensors"], "the next save removes what killed ones left");
    }

    public void Dispose() => _folder.Dispose();
}
