using System.Globalization;
using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Runtime;
using ResNet20Cifar.Deploying;
using Samples.Cifar10;
using static TorchSharp.torch;

namespace AdaQat.Studies.Deploying;

/// <summary>
/// A trained network as ONNX files, in both forms, run by ONNX Runtime with its optimisation off and on, beside its integer network: codes
/// of a few images, and predictions of all.
/// </summary>
internal static class OnnxComparison
{
    private const int CodedImages = 8;
    private const int BatchSize = 100;

    /// <summary>Compares, and prints a table.</summary>
    /// <param name="quantized">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="normalization">How their pixels become numbers.</param>
    /// <returns>The table's rows.</returns>
    public static IReadOnlyList<OnnxRow> Print(QuantizedModel quantized, ImageSet images, ChannelNormalization normalization)
    {
        using var scope = NewDisposeScope();
        var batches = ImageBatches.Evaluation(images, normalization, BatchSize, CPU).Epoch(0, 0).Select(batch => batch.Input).ToList();
        var graph = quantized.Graph(batches[0].narrow(0, 0, 1));
        var integers = IntegerCompiler.CompileGraph(graph, new() { AllowFloatIslands = true });
        var labels = Enumerable.Range(0, images.Count).Select(image => (int)images.Labels[image]).ToList();
        var right = Right([.. batches.SelectMany(batch => Predictions(integers, batch))], labels);
        var (rows, fused) = (new List<OnnxRow>(), (IReadOnlyList<OnnxFusedLayer>)[]);
        var folder = Directory.CreateTempSubdirectory("adaqat-onnx").FullName;
        Console.WriteLine(OnnxRow.Header);
        try
        {
            foreach (var form in new[] { OnnxForm.Compact, OnnxForm.Fusable })
            {
                var bytes = OnnxExport.Write(graph, Path.Combine(folder, "shipped.onnx"), new() { Form = form }).Bytes;
                var file = OnnxExport.Write(graph, Path.Combine(folder, "model.onnx"), new() { Form = form, CodeOutputs = true });
                foreach (var optimizes in new[] { false, true })
                {
                    var predicted = new List<int>();
                    using var program = new OnnxProgram(file.Path, optimizes, get_num_threads());
                    var report = Equivalence.CheckOnnx(
                        quantized, integers, file, batch => Run(program, batch, predicted), batches, CodedImages);
                    rows.Add(new(form, bytes, optimizes, report, Right(predicted, labels), right));
                    Console.WriteLine(rows[^1]);
                }

                fused = file.FusedLayers;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{fused.Sum(layer => layer.ThresholdsMoved):N0} of {fused.Sum(layer => layer.Thresholds):N0} thresholds are moved, in "
                + $"{fused.Sum(layer => layer.ChannelsMoved):N0} of {fused.Sum(layer => layer.Channels):N0} channels of fused layers"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return rows;
    }

    /// <summary>A batch in ONNX Runtime; codes are only asked for where they are compared.</summary>
    private static IReadOnlyDictionary<string, GraphTensor> Run(OnnxProgram program, GraphTensor batch, List<int> predicted)
    {
        var results = program.Run(batch, predicted.Count < CodedImages ? null : [program.Outputs[0]]);
        predicted.AddRange(Deployed.Best(results[program.Outputs[0]].ToFloat32(), (int)batch.Shape[0]));
        return results;
    }

    private static int[] Predictions(IntegerModel integers, Tensor batch)
    {
        var scores = new float[batch.shape[0] * integers.Outputs[0].Shape.ElementCount];
        integers.Run(batch.data<float>().ToArray(), scores);
        return Deployed.Best(scores, (int)batch.shape[0]);
    }

    private static int Right(IReadOnlyList<int> predicted, IReadOnlyList<int> labels) =>
        predicted.Zip(labels).Count(pair => pair.First == pair.Second);
}
