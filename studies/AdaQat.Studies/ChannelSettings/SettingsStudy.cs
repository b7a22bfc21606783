using System.Globalization;
using AdaQat.Quantizers;
using AdaQat.Search;
using AdaQat.Training;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace AdaQat.Studies.ChannelSettings;

/// <summary>
/// What the choices of a search that its papers leave open do to its outcome: a network of two layers and two bits, of which the first
/// should grow and the second shrink, searched with each choice changed alone, then trained anew at equal multiplications; beside it the
/// networks that a search could have found.
/// </summary>
public static class SettingsStudy
{
    private static readonly QuantizationOptions TwoBits = new()
    {
        WeightBits = BitWidthChoice.Fixed(2),
        ActivationBits = BitWidthChoice.Fixed(2),
        FirstLayerBits = 2,
    };

    private static readonly (string Name, Func<ChannelSearchOptions, ChannelSearchOptions> Set)[] Settings =
    [
        ("default", o => o),
        ("T 0.15", o => o with { ExpansionThreshold = 0.15 }),
        ("T 0.3", o => o with { ExpansionThreshold = 0.3 }),
        ("T ∞: pruning only", o => o with { ExpansionThreshold = double.PositiveInfinity }),
        ("pruning only, from 2.2 times the default", o => o with
        {
            ExpansionThreshold = double.PositiveInfinity,
            CandidateRatios = [0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2],
        }),
        ("growth 0.1", o => o with { Growth = 0.1 }),
        ("growth 0.4", o => o with { Growth = 0.4 }),
        ("growth every second epoch", o => o with { GrowthInterval = 2 }),
        ("growth twice an epoch", o => o with { GrowthInterval = 0.5 }),
        ("growth of 0.1 twice an epoch", o => o with { GrowthInterval = 0.5, Growth = 0.1 }),
        ("T 0.25, on α", o => o with { ExpansionMeasure = ExpansionMeasure.Alpha, ExpansionThreshold = 0.25 }),
        ("T 0.5, on α", o => o with { ExpansionMeasure = ExpansionMeasure.Alpha, ExpansionThreshold = 0.5 }),
        ("new α: an even share", o => o with { NewAlpha = NewAlpha.Even }),
        ("new batch norms as the builder's", o => o with { NewChannels = NewChannels.FreshNorms }),
        ("new channels repeat the old ones", o => o with { NewChannels = NewChannels.Repeated }),
        ("λ 0.3", o => o with { MacsWeight = 0.3 }),
        ("λ 3", o => o with { MacsWeight = 3 }),
        ("rate of α 0.001", o => o with { ChannelLearningRate = 1e-3 }),
        ("rate of α 0.03", o => o with { ChannelLearningRate = 3e-2 }),
        ("channels aligned", o => o with { Mixing = ChannelMixing.Align }),
        ("τ down to 0.1", o => o with { EndTemperature = 0.1 }),
    ];

    /// <summary>The names of the settings, the default first.</summary>
    public static IEnumerable<string> Names => Settings.Select(setting => setting.Name);

    public static int Execute(SettingsOptions options) => Execute(options, Console.Out);

    /// <summary>Writes the tables.</summary>
    public static int Execute(SettingsOptions options, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        set_num_threads(options.Threads);
        using var data = new StarvedData();
        using var example = zeros(4, StarvedNetwork.Inputs);
        var target = PlanCost.Of(Build, example, ChannelPlan.Default).Macs;
        var seeds = Enumerable.Range(1, options.Seeds).ToList();
        if (options.Setting is null)
        {
            WriteGiven(output, target, data, example, options, seeds);
        }

        output.WriteLine("| setting | first | second | multiplications | test accuracy, each seed | mean |\n|---|---|---|---|---|---|");
        foreach (var (name, set) in Settings.Where(setting => options.Setting is null || setting.Name == options.Setting))
        {
            var plans = seeds.ConvertAll(seed => Searched(set, target, data, example, options, seed));
            var accuracies = seeds.ConvertAll(seed => Retrained(
                WidthMultiplier.Fit(Build, example, target, basis: plans[seed - 1]), data, example, options, seed));
            output.WriteLine(
                $"| {name} | {Channels(plans, StarvedNetwork.First)} | {Channels(plans, StarvedNetwork.Second)} | "
                + string.Join(' ', plans.Select(p => Number(PlanCost.Of(Build, example, p).Macs / target, "0.00")))
                + $" | {Percents(accuracies)} |");
        }

        return ExitCode.Success;
    }

    /// <summary>What a search could have found, at the same multiplications.</summary>
    private static void WriteGiven(
        TextWriter output, double target, StarvedData data, Tensor example, SettingsOptions options, List<int> seeds)
    {
        output.WriteLine("| channels, given | first | second | test accuracy, each seed | mean |\n|---|---|---|---|---|");
        foreach (var first in new[] { 4, 6, 8, 12, 16, 24, 32 })
        {
            // The second layer takes what the first leaves.
            var basis = new ChannelPlan([
                new PlannedChannels(StarvedNetwork.First, first, 8),
                new PlannedChannels(StarvedNetwork.Second, SecondBeside(first, target, example), 48)]);
            var accuracies = seeds.ConvertAll(seed => Retrained(basis, data, example, options, seed));
            output.WriteLine($"| given | {first} | {basis[StarvedNetwork.Second, 48]} | {Percents(accuracies)} |");
        }

        output.WriteLine();
    }

    private static nn.Module<Tensor, Tensor> Build(ChannelPlan channels) => new StarvedNetwork(channels);

    private static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

    private static int SecondBeside(int first, double target, Tensor example)
    {
        // The cost is a line in the channels of the second layer.
        var (one, two) = (Cost(1), Cost(2));
        return 1 + (int)((target - one) / (two - one));

        double Cost(int channels) => PlanCost.Of(Build, example, new ChannelPlan([
            new PlannedChannels(StarvedNetwork.First, first, 8), new PlannedChannels(StarvedNetwork.Second, channels, 48)])).Macs;
    }

    private static ChannelPlan Searched(
        Func<ChannelSearchOptions, ChannelSearchOptions> set, double target, StarvedData data, Tensor example, SettingsOptions options,
        int seed)
    {
        manual_seed(seed);
        using var search = new ChannelSearch(Build, example, Loss, set(new ChannelSearchOptions
        {
            Scheme = TwoBits,
            TargetMacs = target,
            MaximumGrowth = 4,
            Epochs = options.SearchEpochs,
            Seed = seed,
        }));
        return search.Run(data.Train(0, 1, seed), data.Train(1, 1, seed + 1)).Plan;
    }

    private static double Retrained(ChannelPlan plan, StarvedData data, Tensor example, SettingsOptions options, int seed)
    {
        manual_seed(seed);
        using var model = Build(plan);
        using var quantized = QuantizedModel.Attach(model, example, TwoBits);
        using var sgd = optim.SGD(quantized.Parameters(), 0.1, momentum: 0.9, weight_decay: 1e-4);
        var trainer = new AdaQatTrainer(quantized, sgd, Loss, new TrainerOptions { Epochs = options.RetrainEpochs });
        trainer.Fit(data.Train(0, 2, seed));
        return trainer.Evaluate(data.Test()).Accuracy!.Value;
    }

    private static string Channels(List<ChannelPlan> plans, string layer) =>
        string.Join(' ', plans.Select(plan => plan.Layers.Single(l => l.Layer == layer).Channels));

    private static string Percents(List<double> shares) =>
        $"{string.Join(' ', shares.Select(share => Number(100 * share, "0.0")))} | {Number(100 * shares.Average(), "0.0")} %";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
