using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Strangers;

/// <summary>A training loop as the README has it, around whatever a stranger computes as a loss.</summary>
internal static class StrangersLoop
{
    /// <summary>Probes in every second step, and moves widths fast enough for a few steps to show.</summary>
    public static BitWidthOptimizerOptions Options { get; } = new() { LearningRate = 0.1, ProbeInterval = 2 };

    /// <summary>Trains for some steps: the loss must fall, widths must move, and everything stays finite.</summary>
    /// <param name="quantized">What is attached.</param>
    /// <param name="loss">The loss of the one batch.</param>
    /// <param name="outside">Parameters of modules that are not attached.</param>
    /// <param name="closure">What is given to Step; null for <paramref name="loss"/>.</param>
    /// <param name="steps">How many.</param>
    public static BitWidthOptimizer Train(
        QuantizedModel quantized, Func<Tensor> loss, IEnumerable<Parameter>? outside = null, Func<Tensor>? closure = null, int steps = 30)
    {
        var widths = new BitWidthOptimizer(quantized, Options);
        using var weights = optim.Adam(quantized.Parameters().Where(p => p.requires_grad).Concat(outside ?? []), 0.01);
        var losses = new List<double>();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            var here = loss();
            here.backward();
            widths.Step(here, closure ?? loss);
            weights.step();
            losses.Add(here.to(ScalarType.Float32).item<float>());
        }

        Learned(quantized, losses);
        return widths;
    }

    /// <summary>The loss fell, and widths moved.</summary>
    public static void Learned(QuantizedModel quantized, IReadOnlyList<double> losses)
    {
        losses.Should().OnlyContain(l => double.IsFinite(l));
        losses.TakeLast(3).Average().Should().BeLessThan(losses.Take(3).Average());
        quantized.Widths.Should().Contain(w => w.Value < 8).And.OnlyContain(w => double.IsFinite(w.Value));
        quantized.Parameters().Should().OnlyContain(p => Near.Numbers(p).All(double.IsFinite));
    }
}
