using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.QuickStart;

/// <summary>The quick start as the documentation prints it.</summary>
public sealed class QuickStartTests
{
    [Fact]
    public void It_runs_as_printed_and_the_widths_move()
    {
        manual_seed(1);
        var model = Networks.Convolutional();
        var criterion = nn.CrossEntropyLoss();
        var batches = Enumerable.Range(0, 20).Select(i => Networks.Images(8, i)).ToList();
        var exampleInput = batches[0].Input;
        var (output, console) = (new StringWriter(), Console.Out);
        Console.SetOut(output);
        try
        {
            using var quantized = QuantizedModel.Attach(model, exampleInput, new QuantizationOptions());     // any Module<Tensor, Tensor>
            var widths = new BitWidthOptimizer(quantized, new BitWidthOptimizerOptions { Lambda = 0.15 });
            var weights = torch.optim.SGD(quantized.Parameters(), 0.1, momentum: 0.9);

            foreach (var (x, y) in batches)
            {
                weights.zero_grad();
                var loss = criterion.call(model.call(x), y);
                loss.backward();
                widths.Step(loss, () => criterion.call(model.call(x), y));        // finite differences, update, freeze
                weights.step();
            }
            Console.WriteLine(quantized.Summary());                              // a table: layer, shape, W, A, MACs, BitOPs, size

            quantized.Widths.Should().OnlyContain(w => w.Value < 8 && w.Value > 7.5);
            widths.Steps.Should().Be(20);
        }
        finally
        {
            Console.SetOut(console);
        }

        output.ToString().Should().StartWith("layer  ").And.Contain("conv2").And.Contain("weights ");
    }
}
