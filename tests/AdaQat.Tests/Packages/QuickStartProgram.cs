using System.Text.RegularExpressions;
using AdaQat.Training;

namespace AdaQat.Tests.Packages;

/// <summary>The README's first block of C#, word for word, between what it takes for granted and what users do next.</summary>
internal static partial class QuickStartProgram
{
    private const string Usings =
        """
        using TorchSharp;
        using static TorchSharp.torch;
        """;

    /// <summary>A task that can be learned, a float twin trained on it, a model, its loss, an example and batches.</summary>
    private const string Before =
        """

        if (CpuConvolutions.Fault() is not null) CpuConvolutions.TryTurnOneDnnOff();
        manual_seed(1);
        const int steps = 600;
        var criterion = nn.CrossEntropyLoss();
        var batches = Enumerable.Range(0, steps).Select(_ => Images(32)).ToList();
        var (testImages, testLabels) = Images(1000);
        var model = MakeModel();
        using var twin = MakeModel();
        twin.load_state_dict(model.state_dict());
        using (var plain = torch.optim.SGD(twin.parameters(), 0.1, momentum: 0.9))
        {
            foreach (var (x, y) in batches)
            {
                using var scope = NewDisposeScope();
                plain.zero_grad();
                criterion.call(twin.call(x), y).backward();
                plain.step();
            }
        }

        var exampleInput = batches[0].Item1;

        """;

    private const string After =
        """

        foreach (var width in quantized.Widths) Console.WriteLine($"{width}, frozen in step {width.FrozenAtStep}");
        if (!quantized.Widths.All(width => width.IsFrozen && width.Bits < 8)) throw new Exception("The widths have not settled.");
        var (inFloat, inBits) = (Accuracy(twin), Accuracy(model));
        Console.WriteLine($"accuracy: float {inFloat:P1}, quantized {inBits:P1}");
        if (inFloat < 0.9 || inBits < inFloat - 0.05) throw new Exception("Too much accuracy was lost.");

        // Saved, and resumed in a second model.
        var path = Path.GetFullPath("run.safetensors");
        Checkpoint.Save(path, quantized, weights, widths);
        using var secondModel = MakeModel();
        using (var second = QuantizedModel.Attach(secondModel, exampleInput))
        {
            var secondWidths = new BitWidthOptimizer(second, new BitWidthOptimizerOptions { Lambda = 0.15, TotalSteps = steps });
            using var secondWeights = optim.SGD(second.Parameters(), 0.1, momentum: 0.9);
            Checkpoint.Resume(path, second, secondWeights, secondWidths);
            if (!second.Widths.Select(width => width.Value).SequenceEqual(quantized.Widths.Select(width => width.Value)))
            {
                throw new Exception("The resumed widths are others.");
            }

            secondModel.train(model.training);
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

        // A family of one's own, as docs/quantizers.md prints it: it learns its widths, is resumed to the bit, and gives its codes.
        var ownPath = Path.GetFullPath("own.safetensors");
        var (first, firstWidths, firstWeights) = AttachOwn(MakeModel());
        TrainOwn(first, firstWidths, firstWeights, from: 0, to: 60);
        if (!first.Widths.All(width => width.Value < 8)) throw new Exception("The widths of the own family did not move.");
        Checkpoint.Save(ownPath, first, firstWeights, firstWidths);
        var (again, againWidths, againWeights) = AttachOwn(MakeModel());
        Checkpoint.Resume(ownPath, again, againWeights, againWidths);
        TrainOwn(first, firstWidths, firstWeights, from: 60, to: 70);
        Checkpoint.Resume(ownPath, again, againWeights, againWidths);
        TrainOwn(again, againWidths, againWeights, from: 60, to: 70);
        foreach (var (one, other) in first.Parameters().Zip(again.Parameters()))
        {
            if (!one.Equals(other)) throw new Exception("The resumed run of the own family is another one.");
        }

        foreach (var layer in first.Layers)
        {
            using var codes = layer.WeightQuantizer.Encode(first.Model.get_parameter($"{layer.Name}.weight")!);
            if (!codes.Decode().Equals(layer.QuantizedWeight())) throw new Exception("The codes stand for something else.");
        }

        Console.WriteLine("own family");
        quantized.Detach();
        quantized.Dispose();
        model.call(exampleInput).Dispose();
        model.Dispose();
        Console.WriteLine("done");

        static nn.Module<Tensor, Tensor> MakeModel() => nn.Sequential(
            ("conv1", nn.Conv2d(3, 8, 3, padding: 1)), ("bn1", nn.BatchNorm2d(8)), ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(8, 8, 3, padding: 1)), ("bn2", nn.BatchNorm2d(8)), ("relu2", nn.ReLU()),
            ("flatten", nn.Flatten()), ("fc", nn.Linear(512, 4)));

        (QuantizedModel, BitWidthOptimizer, optim.Optimizer) AttachOwn(nn.Module<Tensor, Tensor> network)
        {
            var scheme = new QuantizationScheme(new LargestOptions(), new LargestOptions { Coverage = 0.9 });
            var own = QuantizedModel.Attach(network, exampleInput, scheme);
            var learning = new BitWidthOptimizer(own, new BitWidthOptimizerOptions { TotalSteps = 500 });
            return (own, learning, optim.SGD(own.Parameters(), 0.05, momentum: 0.9));
        }

        void TrainOwn(QuantizedModel own, BitWidthOptimizer learning, optim.Optimizer descent, int from, int to)
        {
            var network = (nn.Module<Tensor, Tensor>)own.Model;
            foreach (var (x, y) in batches.Skip(from).Take(to - from))
            {
                using var scope = NewDisposeScope();
                descent.zero_grad();
                var loss = criterion.call(network.call(x), y);
                loss.backward();
                learning.Step(loss, () => criterion.call(network.call(x), y));
                descent.step();
            }
        }

        // Noise, in which one of the four quarters is a little brighter.
        static (Tensor, Tensor) Images(int count)
        {
            using var scope = NewDisposeScope();
            var (images, labels) = (randn(count, 3, 8, 8), randint(0, 4, count));
            for (var quarter = 0; quarter < 4; quarter++)
            {
                var (row, column) = (quarter / 2 * 4, quarter % 2 * 4);
                var bright = labels.eq(quarter).to(ScalarType.Float32).reshape(count, 1, 1, 1) * 0.7;
                images.narrow(2, row, 4).narrow(3, column, 4).add_(bright);
            }

            return (images.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
        }

        double Accuracy(nn.Module<Tensor, Tensor> trained)
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            trained.eval();
            var right = trained.call(testImages).argmax(1).eq(testLabels).to(ScalarType.Float64).mean().item<double>();
            trained.train();
            return right;
        }

        """;

    public static string From(string readme)
    {
        var block = FirstBlockOf(readme);
        block.Should().Contain("QuantizedModel.Attach", "the README's first block of C# is the quick start");
        var lines = block.Split('\n').ToLookup(line => Using().IsMatch(line));
        return string.Join('\n', [.. lines[true], Usings, Before, .. lines[false], After]);
    }

    /// <summary>The first block of C# of a page that is a file: it begins with what it uses.</summary>
    public static string FirstBlockOf(string page) => FirstBlock().Match(page).Groups["code"].Value;

    [GeneratedRegex(@"^```csharp\n(?<code>using .*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FirstBlock();

    [GeneratedRegex(@"^using [A-Z][A-Za-z.]*;")]
    private static partial Regex Using();
}
