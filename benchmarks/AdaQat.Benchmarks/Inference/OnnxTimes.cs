using AdaQat.Benchmarks.Integers;
using AdaQat.Benchmarks.Measuring;
using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Reporting;
using AdaQat.Export;
using AdaQat.Graph;
using Samples.CommandLine;
using static System.FormattableString;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Inference;

/// <summary>
/// One network as ONNX files of every form and width, by ONNX Runtime, and as an integer model by AdaQat.Runtime: bytes of the files, and
/// times of one image on one thread, in one process and in turns. Weights are random.
/// </summary>
public static class OnnxTimes
{
    private const int Classes = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static int Execute(OnnxTimesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var facts = MachineFacts.Gather();
        Console.WriteLine($"{facts.Processor}, {facts.System}, {facts.DotNet}. Batch 1, one thread; the first and the last layer have "
            + "8 bits. Files that are fusable are for processors with VNNI.");
        var folder = Directory.CreateTempSubdirectory("adaqat-onnx").FullName;
        try
        {
            foreach (var network in options.Networks)
            {
                Measure(network, options, folder);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return ExitCode.Success;
    }

    private static void Measure(NetworkKind network, OnnxTimesOptions options, string folder)
    {
        random.manual_seed(20);
        using var model = network.Make();
        model.eval();
        long[] shape = [1, .. network.Input];
        using var example = randn(shape);
        var graph = ModelCapture.Graph(model, example);
        float[] numbers = [.. Enumerable.Range(0, 4 * (int)example.numel()).Select(Pixels.Noise)];
        var (image, images) = (numbers[..(int)example.numel()], GraphTensor.Of([4, .. network.Input], numbers));
        var measured = new List<(Contestant Contestant, long Bytes, int? Ours)>();
        try
        {
            measured.Add(Onnx("ONNX Runtime, float32", graph, new(), null));
            foreach (var bits in options.Bits)
            {
                var quantized = FewBits.Of(graph, images, bits);
                var integer = IntegerCompiler.CompileGraph(quantized);
                var ours = measured.Count;
                measured.Add((new RuntimeContestant($"W{bits}A{bits}", integer, image, 1, 1), integer.Bytes.File, ours));
                foreach (var form in new[] { OnnxForm.Compact, OnnxForm.Fusable })
                {
                    measured.Add(Onnx(
                        $"ONNX Runtime, {form}, W{bits}A{bits}", quantized, new() { Form = form, AssumesVnni = true }, ours));
                }
            }

            measured.ForEach(each => each.Contestant.WarmUp());
            Print(network, measured, Rounds.Run([.. measured.Select(each => each.Contestant)], options.Rounds, 1, Pause));
        }
        finally
        {
            measured.ForEach(each => each.Contestant.Dispose());
        }

        (Contestant Contestant, long Bytes, int? Ours) Onnx(string title, ModelGraph written, OnnxOptions how, int? ours)
        {
            var file = OnnxExport.Write(written, Path.Combine(folder, $"{measured.Count}.onnx"), how);
            return (new OnnxContestant(title, file.Path, image, shape, Classes, threads: 1), file.Bytes, ours);
        }
    }

    private static void Print(
        NetworkKind network, List<(Contestant Contestant, long Bytes, int? Ours)> measured, double[][] seconds)
    {
        Console.WriteLine();
        Console.WriteLine($"| {network.Title} | bytes of the file | ms, median (least) | / AdaQat.Runtime of these bits, median (least) |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var ((contestant, bytes, ours), i) in measured.Select((each, i) => (each, i)))
        {
            var ratio = ours is { } at
                ? Invariant($"{Distribution.OfRatios(seconds[i], seconds[at]).Median:F2} ({seconds[i].Min() / seconds[at].Min():F2})") : "";
            Console.WriteLine(Invariant($"| {contestant.Title} | {bytes:N0} | {1e3 * Distribution.Of(seconds[i]).Median:F3} ")
                + Invariant($"({1e3 * seconds[i].Min():F3}) | {ratio} |"));
        }
    }
}
