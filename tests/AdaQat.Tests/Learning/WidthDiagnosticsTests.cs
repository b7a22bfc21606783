using static TorchSharp.torch;

namespace AdaQat.Tests.Learning;

public sealed class WidthDiagnosticsTests
{
    [Fact]
    public void A_width_that_does_not_move_is_reported_once()
    {
        using var run = new ScriptedRun(
            (_, _) => 1, Schedules.Exact with { Lambda = 0, StalledStepsWarning = 20, WarningInterval = 5 });
        var warnings = Listen(run.Quantized);

        run.Steps(19);
        warnings.Should().BeEmpty();
        run.Steps(100);

        warnings.Select(w => w.Subject).Should().Equal("weights", "activations");
        warnings[0].Message.Should().StartWith("Bit-width 'weights' has stood at 8 for 20 steps");
    }

    [Fact]
    public void A_width_that_moved_again_and_stalls_again_is_reported_again()
    {
        var slope = 0.0;
        using var run = new ScriptedRun(
            (w, _) => slope * w,
            Schedules.Exact with { Lambda = 0, LearningRate = 0.01, StalledStepsWarning = 10, WarningInterval = 5 });
        run.Activations.Freeze();
        var warnings = Listen(run.Quantized);

        run.Steps(20);
        slope = 1;
        run.Steps(10);
        slope = 0;
        run.Steps(20);

        warnings.Select(w => w.Subject).Should().Equal("weights", "weights");
    }

    [Fact]
    public void Frozen_widths_and_switched_off_warnings_are_silent()
    {
        using var frozen = new ScriptedRun(
            (_, _) => 1, Schedules.Exact with { StalledStepsWarning = 5, WarningInterval = 5 });
        using var off = new ScriptedRun(
            (_, _) => 1, Schedules.Exact with
            {
                Lambda = 0,
                StalledStepsWarning = null,
                ZeroWeightShareWarning = null,
                WarningInterval = 1,
            });
        frozen.Weights.Freeze();
        frozen.Activations.Freeze();
        var warnings = Listen(frozen.Quantized);
        var others = Listen(off.Quantized);

        frozen.Steps(50);
        off.Steps(50);

        warnings.Should().BeEmpty();
        others.Should().BeEmpty();
    }

    [Fact]
    public void A_layer_whose_weights_are_nearly_all_zero_is_reported_once_and_by_name()
    {
        using var model = nn.Sequential(("first", nn.Linear(3, 10)), ("middle", nn.Linear(10, 10)), ("last", nn.Linear(10, 2)));
        using (no_grad())
        {
            var weight = ((TorchSharp.Modules.Linear)model[1]).weight;
            weight!.fill_(0.001f);
            weight[0].fill_(1);
        }

        using var example = ones(1, 3);
        using var quantized = QuantizedModel.Attach(model, example, new RoundingScheme());
        var optimizer = new BitWidthOptimizer(
            quantized, Schedules.Exact with { ZeroWeightShareWarning = 0.8, WarningInterval = 2 });
        var warnings = Listen(quantized);
        using var loss = tensor(1.0);

        for (var i = 0; i < 20; i++)
        {
            optimizer.PretendStep(loss, () => tensor(1.0));
        }

        warnings.Should().ContainSingle().Which.Should().Be(
            new QuantizationWarning("middle", "Layer 'middle': 90 % of its weights quantize to zero at 8 bits."));
    }

    private static List<QuantizationWarning> Listen(QuantizedModel quantized)
    {
        var warnings = new List<QuantizationWarning>();
        quantized.Warning += (_, warning) => warnings.Add(warning);
        return warnings;
    }
}
