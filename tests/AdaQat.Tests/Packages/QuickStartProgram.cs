using System.Text.RegularExpressions;
using AdaQat.Quantizers;

namespace AdaQat.Tests.Packages;

/// <summary>The README's first block of C#, word for word, between what it takes for granted and what users do next.</summary>
internal static partial class QuickStartProgram
{
    private const string Usings =
        """
        using AdaQat.Checkpoints;
        using TorchSharp;
        using static TorchSharp.torch;
        """;

    /// <summary>A model, its loss, an example and batches.</summary>
    private const string Before =
        """

        manual_seed(1);
        var model = MakeModel();
        var criterion = nn.CrossEntropyLoss();
        var batches = Enumerable.Range(0, 20).Select(_ => (randn(8, 3, 8, 8), randint(0, 10, 8))).ToList();
        var exampleInput = batches[0].Item1;

        """;

    private const string After =
        """

        if (!quantized.Widths.All(width => width.Value < 8)) throw new Exception("The widths did not move.");

        // Saved, and resumed in a second model.
        var path = Path.GetFullPath("run.safetensors");
        Checkpoint.Save(path, quantized, weights, widths);
        using var secondModel = MakeModel();
        using (var second = QuantizedModel.Attach(secondModel, exampleInput, new QuantizationOptions()))
        {
            var secondWidths = new BitWidthOptimizer(second, new BitWidthOptimizerOptions { Lambda = 0.15 });
            using var secondWeights = optim.SGD(second.Parameters(), 0.1, momentum: 0.9);
            Checkpoint.Resume(path, second, secondWeights, secondWidths);
            if (!second.Widths.Select(width => width.Value).SequenceEqual(quantized.Widths.Select(width => width.Value)))
            {
                throw new Exception("The resumed widths are others.");
            }

            using var mine = model.call(exampleInput);
            using var theirs = secondModel.call(exampleInput);
            if (!mine.Equals(theirs)) throw new Exception("The resumed model computes something else.");
            Console.WriteLine("resumed");
            second.Detach();
        }

        // A graph is gone after its backward pass: a second one is an exception, and not the end of the process.
        var spent = criterion.call(model.call(exampleInput), batches[0].Item2);
        spent.backward();
        try
        {
            spent.backward();
            throw new InvalidOperationException("A second backward pass through the same graph was not refused.");
        }
        catch (Exception refusal) when (refusal is not InvalidOperationException)
        {
            Console.WriteLine("alive");
        }

        quantized.Detach();
        quantized.Dispose();
        model.call(exampleInput).Dispose();
        model.Dispose();
        Console.WriteLine("done");

        static nn.Module<Tensor, Tensor> MakeModel() => nn.Sequential(
            ("conv1", nn.Conv2d(3, 8, 3, padding: 1)), ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(8, 8, 3, padding: 1)), ("relu2", nn.ReLU()),
            ("flatten", nn.Flatten()), ("fc", nn.Linear(512, 10)));

        """;

    public static string From(string readme)
    {
        var block = FirstBlock().Match(readme).Groups["code"].Value;
        block.Should().Contain("QuantizedModel.Attach", "the README's first block of C# is the quick start");
        var lines = block.Split('\n').ToLookup(line => Using().IsMatch(line));
        return string.Join('\n', [.. lines[true], Usings, Before, .. lines[false], After]);
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FirstBlock();

    [GeneratedRegex(@"^using [A-Z][A-Za-z.]*;")]
    private static partial Regex Using();
}
