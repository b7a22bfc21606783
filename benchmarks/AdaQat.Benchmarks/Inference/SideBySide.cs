using System.Globalization;
using AdaQat.Benchmarks.Integers;
using AdaQat.Benchmarks.Measuring;
using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Reporting;
using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Runtime;
using AdaQat.Studies.Networks;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Inference;

/// <summary>
/// One network by AdaQat.Runtime, by ONNX Runtime in bytes and in float32, and by libtorch, in one process and in turns. Weights are
/// random: what is computed means nothing, but it is the same for all, which is looked at.
/// </summary>
public static class SideBySide
{
    private const int Classes = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly (int Batch, int Threads)[] Settings = [(1, 1), (1, 2), (32, 1), (32, 2)];

    /// <summary>The networks that can be measured.</summary>
    public static IReadOnlyList<NetworkKind> Networks { get; } =
    [
        NetworkKinds.ResNet20, new("mobilenet", "Like MobileNetV2", () => new SmallMobileNetV2()),
        NetworkKinds.All.Single(kind => kind.Name == "mobilenetv2"),
    ];

    public static int Execute(IntegerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var facts = MachineFacts.Gather();
        var peaks = PeakRate.Measure();
        Console.WriteLine($"{facts.Processor}, {facts.System}, {facts.DotNet}, {TorchRuntime.Describe()}.");
        Console.WriteLine(PeakRate.Describe(peaks));
        var folder = options.Folder ?? Directory.CreateTempSubdirectory("adaqat-side-by-side").FullName;
        Directory.CreateDirectory(folder);
        try
        {
            foreach (var network in options.Networks)
            {
                Measure(network, options, peaks, folder);
            }
        }
        finally
        {
            if (options.Folder is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return ExitCode.Success;
    }

    private static void Measure(NetworkKind network, IntegerOptions options, IReadOnlyList<PeakRate> peaks, string folder)
    {
        random.manual_seed(20);
        using var model = network.Make();
        model.eval();
        long[] shape = [1, .. network.Input];
        using var example = randn(shape);
        var graph = ModelCapture.Graph(model, example);
        var numbers = Enumerable.Range(0, 32 * (int)(shape[1] * shape[2] * shape[3])).Select(Pixels.Noise).ToArray();
        var images = GraphTensor.Of([4, .. network.Input], numbers.AsSpan(0, numbers.Length / 8));
        var floats = OnnxExport.Write(graph, Path.Combine(folder, $"{network.Name}.onnx")).Path;
        var coded = options.Bits.Select(bits => Coded(network, graph, images, bits, folder)).ToArray();
        foreach (var (batch, threads) in Settings)
        {
            long[] sizes = [batch, .. network.Input];
            var given = numbers[..(int)(batch * shape[1] * shape[2] * shape[3])];
            Contestant[] contestants =
            [
                .. coded.Select(each => new RuntimeContestant(each.Title, each.Model, given, batch, threads)),
                .. coded.Select(each => new OnnxContestant($"ONNX Runtime, {each.Title}", each.Path, given, sizes, Classes, threads)),
                new OnnxContestant("ONNX Runtime, float32", floats, given, sizes, Classes, threads),
                new TorchContestant(model, given, sizes, threads),
            ];
            try
            {
                Array.ForEach(contestants, contestant => contestant.WarmUp());
                Compare(contestants, coded.Length, batch);
                var seconds = Rounds.Run(contestants, options.Rounds, 1, Pause);
                SideBySideTable.Print(
                    $"{network.Title}, batch {batch}, {threads} {(threads == 1 ? "thread" : "threads")}", contestants, seconds, batch,
                    coded.Length, [.. peaks.Select(peak => (peak.Instruction, coded[0].Model.Macs / (peak.PerSecond * threads)))]);
            }
            finally
            {
                Array.ForEach(contestants, contestant => contestant.Dispose());
            }
        }
    }

    private static (string Title, IntegerModel Model, string Path) Coded(
        NetworkKind network, ModelGraph graph, GraphTensor images, int bits, string folder)
    {
        var quantized = FewBits.Of(graph, images, bits);
        var file = OnnxExport.Write(
            quantized, Path.Combine(folder, $"{network.Name}-{bits}.onnx"), new() { Form = OnnxForm.Fusable, AssumesVnni = true });
        var kinds = OnnxContestant.Optimized(file.Path);
        var layers = quantized.Nodes.Count(node => node.Operator is ConvolutionOperator);
        Console.WriteLine($"{network.Title}, {bits} bits: ONNX Runtime computes {kinds.GetValueOrDefault("QLinearConv")} of {layers} "
            + $"convolutions in bytes ({string.Join(", ", kinds.OrderBy(kind => kind.Key).Select(kind => $"{kind.Value} {kind.Key}"))}).");
        var model = IntegerCompiler.CompileGraph(quantized);
        model.Save(Path.Combine(folder, $"{network.Name}-{bits}.adaq"));
        return ($"W{bits}A{bits}", model, file.Path);
    }

    /// <summary>Programs that compute other things would be no comparison.</summary>
    private static void Compare(Contestant[] contestants, int widths, int batch)
    {
        for (var i = 0; i < widths; i++)
        {
            var (ours, theirs) = (contestants[i].Scores, contestants[widths + i].Scores);
            var same = Enumerable.Range(0, batch).Count(image => Best(ours, image) == Best(theirs, image));
            var most = theirs.Max(Math.Abs);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{contestants[i].Title} and {contestants[widths + i].Title} agree on the class of {same} of {batch} images; scores are at "
                + $"most {ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max() / most:P1} of the largest apart."));
        }

        static int Best(float[] scores, int image) => scores.AsSpan(image * Classes, Classes).IndexOf(
            scores.Skip(image * Classes).Take(Classes).Max());
    }
}
