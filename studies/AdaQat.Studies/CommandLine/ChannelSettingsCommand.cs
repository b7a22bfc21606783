using System.CommandLine;
using AdaQat.Studies.ChannelSettings;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command <c>channel-settings</c>.</summary>
public static class ChannelSettingsCommand
{
    /// <param name="study">Does what a good command line asks for; returns the exit code.</param>
    public static Command Create(Func<SettingsOptions, int> study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var usual = new SettingsOptions();
        var seeds = TextOption.WholeNumber("--seeds", "N", $"Seeds 1 to N. [default: {usual.Seeds}]", 1, 100);
        var searchEpochs = TextOption.WholeNumber(
            "--search-epochs", "N", $"Epochs of each search. [default: {usual.SearchEpochs}]", 1, 10_000);
        var retrainEpochs = TextOption.WholeNumber(
            "--retrain-epochs", "N", $"Epochs of each training anew. [default: {usual.RetrainEpochs}]", 1, 10_000);
        var threads = TextOption.WholeNumber("--threads", "N", $"CPU threads. [default: {usual.Threads}]", 1, 1024);
        var setting = TextOption.Choice(
            "--setting", "NAME", "The row of that name alone, as in 'growth 0.4'. [default: all]",
            SettingsStudy.Names.ToDictionary(name => name, StringComparer.Ordinal));
        var command = new Command("channel-settings", "Shows what the open choices of a search for channels do, on a small network.")
        {
            seeds, searchEpochs, retrainEpochs, setting, threads,
        };
        command.SetAction(result => study(new SettingsOptions
        {
            Seeds = result.Or(seeds, usual.Seeds),
            SearchEpochs = result.Or(searchEpochs, usual.SearchEpochs),
            RetrainEpochs = result.Or(retrainEpochs, usual.RetrainEpochs),
            Setting = result.GetValue(setting),
            Threads = result.Or(threads, usual.Threads),
        }));
        return command;
    }
}
