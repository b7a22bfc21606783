using System.Globalization;
using AdaQat.Export;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Networks exported in every form, run with optimisation off and on, one image and five, beside their integer networks.</summary>
internal static class OnnxMatrix
{
    /// <summary>The argument that has the tests' program print the whole matrix.</summary>
    public const string Verb = "onnx-matrix";

    private static IEnumerable<(string Network, JoinHandling Joins)> Networks =>
        DeployedNetworks.Names.Select(name => (name, JoinHandling.Unquantized))
            .Concat(DeployedNetworks.WithSums.Select(name => (name, JoinHandling.Quantized)))
            .Append((DeployedNetworks.AsItIs, JoinHandling.Quantized));

    /// <summary>The reports of a network, with the form and the optimisation that each is of.</summary>
    /// <param name="network">One of <see cref="DeployedNetworks.Names"/>.</param>
    /// <param name="family">One of <see cref="DeployedNetworks.Families"/>.</param>
    /// <param name="bits">One of <see cref="DeployedNetworks.Bits"/>.</param>
    /// <param name="layerImages">Of how many images codes are compared layer by layer.</param>
    /// <param name="joins">What becomes of the operands of sums.</param>
    public static List<(OnnxForm Form, bool Optimizes, OnnxEquivalenceReport Report)> Run(
        string network, string family, string bits, int layerImages, JoinHandling joins = JoinHandling.Unquantized)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (model, images) = DeployedNetworks.Make(network);
        using var owned = model;
        using var quantized = DeployedNetworks.Quantize(model, images, family, bits, joins);
        var graph = quantized.Graph(images);
        var integer = IntegerLowering.Run(graph, new() { AllowFloatIslands = network == "vision transformer" });
        var reports = new List<(OnnxForm, bool, OnnxEquivalenceReport)>();
        foreach (var form in new[] { OnnxForm.Compact, OnnxForm.Fusable })
        {
            var file = OnnxExport.Write(graph, folder.In($"{form}.onnx"), new() { Form = form, CodeOutputs = true, AnyBatch = true });
            foreach (var optimizes in new[] { false, true })
            {
                using var program = OnnxRun.Open(file.Path, optimizes);
                using var run = new OnnxEquivalenceRun(graph, integer, file, program.Run, layerImages);
                run.Add(images[..1]);
                run.Add(images);
                reports.Add((form, optimizes, run.Report()));
            }
        }

        return reports;
    }

    /// <summary>
    /// All networks but the one that takes minutes a case, families and bits, or those of one network, as lines of a table.
    /// </summary>
    /// <param name="only">The network; null for all.</param>
    /// <param name="sums">Its sums of "codes" or in "float"; null for both.</param>
    /// <returns>0 if every code is explained, else 1.</returns>
    public static int Print(string? only, string? sums)
    {
        var failed = 0;
        Console.WriteLine("| network | quantizers | bits | operands of sums | form | optimised | codes | differ | farthest, in 2⁻²⁰ "
            + "| unexplained |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (network, joins) in Networks.Where(
            pair => pair.Network == only || (only is null && pair.Network != DeployedNetworks.AsItIs)).Where(
            pair => sums is null || sums == Name(pair.Joins)))
        {
            var isLarge = network == DeployedNetworks.AsItIs;
            foreach (var family in DeployedNetworks.Families.Where(family => !isLarge || family == "LSQ"))
            {
                foreach (var bits in DeployedNetworks.Bits.Where(bits => !isLarge || bits == "4/4"))
                {
                    foreach (var (form, optimizes, report) in Run(network, family, bits, layerImages: isLarge ? 1 : 2, joins))
                    {
                        var farthest = report.Layers.Max(layer => layer.LargestDistance) * (1 << 20);
                        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                            $"| {network} | {family} | {bits} | {Name(joins)} | {form} "
                            + $"| {(optimizes ? "yes" : "no")} | {report.Codes} | {report.CodesDifferent} | {farthest:G2} "
                            + $"| {report.Unexplained} |"));
                        if (report.Unexplained > 0)
                        {
                            failed = 1;
                            Console.Error.WriteLine(report);
                        }
                    }
                }
            }
        }

        return failed;
    }

    private static string Name(JoinHandling joins) => joins == JoinHandling.Quantized ? "codes" : "float";
}
