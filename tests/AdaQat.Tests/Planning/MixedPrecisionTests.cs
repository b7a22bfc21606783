using System.Globalization;
using AdaQat.Quantizers;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Planning;

public sealed class MixedPrecisionTests : IDisposable
{
    private static readonly int[] Allowed = [2, 4, 8];

    private readonly TemporaryFolder _folder = new();
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Linear();

    [Fact]
    public void The_bits_are_those_that_lose_least_within_the_budget() => Arbitrary.ForAll(
        from losses in Gen.Choose(-50, 1000).ArrayOf(18)
        from share in Gen.Choose(1, 120)
        select (losses, share), c =>
        {
            using var quantized = Attach();
            var report = Report(quantized, (row, _) => c.losses[row] / 1000.0);
            var cost = new BitOpsCost();
            var budget = cost.Total(At(quantized, Enumerable.Repeat(8, 6).ToArray())) * c.share / 100;

            var plan = MixedPrecision.Allocate(quantized, report, cost, budget);

            var all = Choices(6).Select(bits => (Bits: bits, Cost: cost.Total(At(quantized, bits)), Loss: Loss(report, quantized, bits)))
                .ToList();
            var within = all.Where(choice => choice.Cost <= budget).ToList();
            plan.IsMet.Should().Be(within.Count > 0);
            if (within.Count > 0)
            {
                plan.Loss.Should().BeApproximately(within.Min(choice => choice.Loss), 1e-9);
                plan.Cost.Should().BeLessThanOrEqualTo(budget);
                plan.IsExact.Should().BeTrue();
            }
            else
            {
                plan.Widths.Should().OnlyContain(w => w.Bits == 2);
                plan.Reason.Should().Contain("out of reach");
                plan.Invoking(p => p.Apply(quantized)).Should().Throw<InvalidOperationException>().WithMessage("*not meet its budget*");
                plan.Invoking(p => p.Start(quantized)).Should().Throw<InvalidOperationException>();
            }

            (plan.Reason is null).Should().Be(plan.IsMet && plan.Cost >= 0.99 * budget);
        });

    [Fact]
    public void A_width_that_layers_share_loses_what_all_of_them_lose()
    {
        using var quantized = Attach(WidthSharing.Network);
        var report = Report(quantized, (row, bits) => 1.0 / bits);

        var plan = MixedPrecision.Allocate(quantized, report, new BitOpsCost(), 1e9);

        plan.Widths.Should().HaveCount(2);
        plan.Widths[0].Should().BeEquivalentTo(new { Name = "weights", Target = QuantizerTarget.Weight, Bits = 8, Loss = 3.0 / 8 });
        plan.Widths[0].Layers.Should().Equal("fc1", "fc2", "fc3");
        plan.Reason.Should().StartWith("All widths have the most bits allowed");
    }

    [Fact]
    public void A_budget_whose_rest_pays_for_nothing_says_so()
    {
        using var quantized = Attach();
        var report = Report(quantized, (_, bits) => 1.0 / bits);
        var cost = new BitOpsCost();
        var least = cost.Total(At(quantized, [2, 2, 2, 2, 2, 2]));

        MixedPrecision.Allocate(quantized, report, cost, least * 1.02).Reason.Should().StartWith("What is left of the budget pays for no");
    }

    [Fact]
    public void Bits_that_lose_no_less_are_not_bought()
    {
        using var quantized = Attach();
        var report = Report(quantized, (_, _) => 0.5);

        var plan = MixedPrecision.Allocate(quantized, report, new BitOpsCost(), 1e9);

        plan.Widths.Should().OnlyContain(w => w.Bits == 2);
        plan.Reason.Should().Be("More bits would fit the budget, and are not expected to lose less.");
    }

    [Fact]
    public void The_error_of_the_output_counts_by_its_square()
    {
        using var quantized = Attach(WidthSharing.Network);
        var report = Report(quantized, (_, _) => 0, outputError: bits => 1.0 / bits);

        var plan = MixedPrecision.Allocate(quantized, report, new BitOpsCost(), 1e9, SensitivityMeasure.OutputError);

        plan.Widths[1].Loss.Should().BeApproximately(3.0 / 64, 1e-12);
    }

    [Fact]
    public void A_plan_is_applied_for_good_or_started_from()
    {
        using var quantized = Attach();
        var plan = MixedPrecision.Allocate(quantized, Report(quantized, (_, bits) => 1.0 / bits), new BitOpsCost(), 1e9);
        var bits = plan.Widths.Select(w => w.Bits);

        plan.Start(quantized);
        quantized.Widths.Should().OnlyContain(w => !w.IsFrozen);
        quantized.Widths.Select(w => w.Value).Should().Equal(bits.Select(b => (double)b));
        plan.Apply(quantized);
        quantized.Widths.Should().OnlyContain(w => w.IsFrozen && w.FrozenAtStep == null);
        quantized.Widths.Select(w => w.Bits).Should().Equal(bits);
        quantized.Cost(new BitOpsCost()).Should().Be(plan.Cost);

        var again = () => plan.Start(quantized);
        again.Should().Throw<InvalidOperationException>().WithMessage("*it is frozen*");
    }

    [Fact]
    public void A_plan_of_another_model_changes_nothing()
    {
        using var other = Attach(WidthSharing.Network);
        var plan = MixedPrecision.Allocate(other, Report(other, (_, bits) => 1.0 / bits), new BitOpsCost(), 1e9);
        other.Dispose();
        using var quantized = Attach();
        var before = quantized.Widths.Select(w => w.Value).ToList();

        var apply = () => plan.Apply(quantized);

        apply.Should().Throw<InvalidOperationException>().WithMessage("*'weights', which is no learned width*");
        quantized.Widths.Select(w => w.Value).Should().Equal(before);
        quantized.Widths.Should().OnlyContain(w => !w.IsFrozen);
    }

    [Fact]
    public void A_plan_with_a_width_too_few_changes_nothing()
    {
        using var quantized = Attach();
        var plan = MixedPrecision.Allocate(quantized, Report(quantized, (_, bits) => 1.0 / bits), new BitOpsCost(), 1e9);

        var apply = () => (plan with { Widths = [.. plan.Widths.Skip(1)] }).Apply(quantized);

        apply.Should().Throw<InvalidOperationException>().WithMessage($"*no bits for the learned width '{plan.Widths[0].Name}'*");
        quantized.Widths.Should().OnlyContain(w => !w.IsFrozen);
    }

    [Fact]
    public void A_plan_reads_back_as_it_was_written_and_a_file_that_is_none_is_refused()
    {
        using var quantized = Attach();
        var plan = MixedPrecision.Allocate(quantized, Report(quantized, (_, bits) => 1.0 / bits), new BitOpsCost(), 100);
        var path = _folder.In("plan.json");

        plan.Save(path);

        PrecisionPlan.Load(path).Should().BeEquivalentTo(plan);
        File.WriteAllText(path, """{ "version": 1 }""");
        var load = () => PrecisionPlan.Load(path);
        load.Should().Throw<IOException>().WithMessage($"'{path}' is no plan of bits: *");
    }

    [Fact]
    public void The_table_has_a_row_a_layer_and_the_cost()
    {
        using var quantized = Attach();
        var plan = MixedPrecision.Allocate(quantized, Report(quantized, (_, bits) => 1.0 / bits), new BitOpsCost(), 1e9);

        var text = plan.ToString();

        text.Should().Contain("proven the least").And.Contain(plan.Reason);
        foreach (var layer in plan.Widths.GroupBy(w => w.Layers.Should().ContainSingle().Subject))
        {
            var cells = text.Split('\n').Should().ContainSingle(line => line.StartsWith(layer.Key + " ")).Subject
                .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

            cells.Should().Equal(layer.OrderBy(w => w.Target).SelectMany(w => new[]
            {
                w.Bits.ToString(CultureInfo.InvariantCulture), w.Loss.ToString("0.000000", CultureInfo.InvariantCulture),
            }).Prepend(layer.Key));
        }
    }

    [Fact]
    public void What_cannot_be_planned_is_refused_by_name()
    {
        using var quantized = Attach();
        var report = Report(quantized, (_, _) => 0);

        Allocate(report with { Rows = [.. report.Rows.Where(r => r.Layer != "fc2")] }, 1).Should().Throw<ArgumentException>()
            .WithMessage("*no row for 'fc2.weights' at any of the bits that it allows, 2, 4, 8*");
        Allocate(report with { Rows = [report.Rows[0] with { LossChange = double.NaN }, .. report.Rows.Skip(1)] }, 1)
            .Should().Throw<ArgumentException>().WithMessage("*'fc1' at 2 bits has a LossChange of NaN*");
        Allocate(report, 0).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*budget is 0*");
        foreach (var width in quantized.Widths)
        {
            width.Freeze();
        }

        Allocate(report, 1).Should().Throw<InvalidOperationException>().WithMessage("*no learned width*");

        Action Allocate(SensitivityReport from, double budget) =>
            () => MixedPrecision.Allocate(quantized, from, new BitOpsCost(), budget);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<int[]> Choices(int widths) => widths == 0
        ? [[]]
        : Choices(widths - 1).SelectMany(some => Allowed.Select(bits => (int[])[.. some, bits]));

    private static List<LayerBits> At(QuantizedModel quantized, int[] bits) =>
        [.. quantized.Profiles.Select((layer, i) => new LayerBits(layer, bits[i], bits[i + 3]))];

    private static double Loss(SensitivityReport report, QuantizedModel quantized, int[] bits) => quantized.Layers.Select(
        (layer, i) => LossOf(report, QuantizerTarget.Weight, layer, bits[i])
            + LossOf(report, QuantizerTarget.Activation, layer, bits[i + 3])).Sum();

    private static double LossOf(SensitivityReport report, QuantizerTarget target, QuantizedLayer layer, int bits) =>
        report.Rows.Single(row => row.Target == target && row.Layer == layer.Name && row.Bits == bits).LossChange;

    private QuantizedModel Attach(WidthSharing sharing = WidthSharing.Layer)
    {
        using var example = Networks.Rows(1).Input;
        return QuantizedModel.Attach(_model, example, new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Learned(Allowed),
            ActivationBits = BitWidthChoice.Learned(Allowed),
            WeightSharing = sharing,
            ActivationSharing = sharing,
            FirstLayerBits = null,
            LastLayerBits = null,
        });
    }

    private static SensitivityReport Report(
        QuantizedModel quantized, Func<int, int, double> lossChange, Func<int, double>? outputError = null)
    {
        var targets = new[] { QuantizerTarget.Weight, QuantizerTarget.Activation };
        var keys = targets.SelectMany(target => quantized.Layers.SelectMany(layer => Allowed.Select(bits => (target, layer, bits))));
        return new SensitivityReport
        {
            Model = "Sequential",
            Batches = 1,
            Samples = 1,
            Loss = 1,
            Accuracy = null,
            Rows = [.. keys.Select((key, row) => new SensitivityRow(
                key.layer.Name, key.target, key.bits, 1, lossChange(row, key.bits), null, null, 0, 0, outputError?.Invoke(key.bits) ?? 0))],
            Distributions = [],
            Layers = quantized.Profiles,
            ComputedNodes = 0,
            NodesOfWholeForwards = 0,
            WholeForwards = 0,
            WholeForwardsReason = null,
        };
    }
}
