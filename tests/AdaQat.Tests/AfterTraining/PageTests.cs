using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.AfterTraining;

/// <summary>What docs/post-training.md shows compiles and runs: the lines between the marks are the page's, word for word.</summary>
public sealed class PageTests
{
    [Fact]
    public void The_page_shows_the_one_call_as_it_is_made_here()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        var images = new List<Tensor> { Networks.Images(8, 1).Input, Networks.Images(8, 2).Input };
        var exampleInput = images[0];
        //// page
        using var quantized = QuantizedModel.Attach(model, exampleInput, new QuantizationOptions
        {
            Weights = new AffineOptions { Range = RangeSource.Static, Granularity = Granularity.PerChannel() },
            Activations = new AffineOptions(),
            WeightBits = BitWidthChoice.Fixed(4),
            ActivationBits = BitWidthChoice.Fixed(8),
        });
        using var result = PostTraining.Quantize(quantized, images);           // a list of batches, some hundred images in all
        Console.WriteLine(result.Report);                                      // what was done, and what each step brought
        //// end
        result.Quality.SignalToNoise.Should().BeGreaterThan(0);
        ShouldShow("One call");
    }

    [Fact]
    public void The_page_shows_a_calibration_as_it_is_made_here()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        var images = new List<Tensor> { Networks.Images(8, 1).Input, Networks.Images(8, 2).Input };
        using var quantized = QuantizedModel.Attach(model, images[0], new QuantizationOptions
        {
            Weights = new AffineOptions { Range = RangeSource.Static },
        });
        //// page
        var report = quantized.Calibrate(images, new CalibrationOptions
        {
            Observer = new PercentileObserverOptions { Percentile = 0.999 },   // of inputs
            WeightObserver = new MeanSquaredErrorObserverOptions(),            // of weights, whose families keep a range
        });
        Console.WriteLine(report);                                             // elements seen, not finite, range, clipped share
        //// end
        report.Ranges.Should().HaveCount(6);
        ShouldShow("Observers");
    }

    /// <summary>The first block of C# of a section is one of those here.</summary>
    private static void ShouldShow(string section)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "post-training.md"));
        var start = page.IndexOf("```csharp\n", page.IndexOf($"\n## {section}\n", StringComparison.Ordinal), StringComparison.Ordinal) + 10;
        var shown = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
        var code = File.ReadAllLines(Path.Combine(Repository.Root, "tests/AdaQat.Tests/AfterTraining/PageTests.cs"));
        var blocks = string.Join("\n", code.Select(line => line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : line))
            .Split("//// page\n").Skip(1).Select(part => part.Split("//// end")[0]);
        blocks.Should().Contain(shown);
    }
}
