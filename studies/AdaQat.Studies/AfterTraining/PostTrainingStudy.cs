using System.Diagnostics;
using System.Globalization;
using AdaQat.Studies.Networks;
using AdaQat.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace AdaQat.Studies.AfterTraining;

/// <summary>
/// Quantizes a trained network without training it: a row for each width, observer, granularity of weights and correction, and its
/// accuracy.
/// </summary>
public static class PostTrainingStudy
{
    private const int BatchSize = 64;
    private const int TestBatchSize = 500;

    public static int Execute(PostTrainingStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Execute(options, () => DatasetSource.Load(
            new DataRequest(options.Data, TrainImages: null, options.TestImages, BatchSize), Console.WriteLine));
    }

    /// <param name="options">What is quantized.</param>
    /// <param name="load">Gives the images, once the options are known to be good.</param>
    public static int Execute(PostTrainingStudyOptions options, Func<ImageDataset> load)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(load);
        if (options.Init is { } init && !File.Exists(init))
        {
            throw new SampleException($"--init {init}: there is no such file.", ExitCode.Usage);
        }

        var known = Known(options.Csv);
        var device = TorchRuntime.Prepare(options.Threads);
        var dataset = load();
        using var scope = NewDisposeScope();
        var images = ImageBatches.Evaluation(dataset.Train.Take(options.Images), dataset.Normalization, BatchSize, device)
            .Epoch(0, 0).Select(b => b.Input).ToList();
        var test = ImageBatches.Evaluation(dataset.Test, dataset.Normalization, TestBatchSize, device);
        using (var model = Create(options))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Network} in float: {Accuracy(model, test):P2}"));
        }

        var rows = new List<StudyRow>();
        var corrections = options.Corrections?.Split(',') ?? StudyCorrection.Names;
        foreach (var row in StudyCase.All(options.IsFull).Where(row => corrections.Contains(row.Correction)))
        {
            var done = known.GetValueOrDefault(row) ?? Measure(row, options, images, test);
            rows.Add(done);
            if (!known.ContainsKey(row))
            {
                Append(options.Csv, done);
                Console.WriteLine(done.ToCsv());
            }
        }

        Console.WriteLine(Table(rows));
        return ExitCode.Success;
    }

    private static StudyRow Measure(
        StudyCase row, PostTrainingStudyOptions options, List<Tensor> images, IBatchSource<Batch> test)
    {
        using var scope = NewDisposeScope();
        using var model = Create(options);
        using var example = images[0].narrow(0, 0, 1);
        using var quantized = QuantizedModel.Attach(model, example, row.Scheme());
        var clock = Stopwatch.StartNew();
        StudyCorrection.Apply(row.Correction, quantized, new StudyData(images, row.ObserverOptions));
        clock.Stop();
        return new StudyRow(row, Accuracy(model, test), clock.Elapsed.TotalSeconds);
    }

    private static nn.Module<Tensor, Tensor> Create(PostTrainingStudyOptions options)
    {
        manual_seed(1);
        var model = StudyNetwork.Create(options.Network);
        if (options.Init is { } init)
        {
            Checkpoint.LoadWeights(init, model);
        }

        model.eval();
        return model;
    }

    private static double Accuracy(nn.Module<Tensor, Tensor> model, IBatchSource<Batch> test)
    {
        using var noGradient = no_grad();
        model.eval();
        var (right, all) = (0L, 0L);
        foreach (var batch in test.Epoch(0, 0))
        {
            using var scope = NewDisposeScope();
            right += model.call(batch.Input).argmax(1).eq(batch.Target).sum().item<long>();
            all += batch.Size;
            batch.Dispose();
        }

        return right / (double)all;
    }

    private static Dictionary<StudyCase, StudyRow> Known(string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return [];
        }

        return File.ReadLines(path).Skip(1).Select(StudyRow.Parse).OfType<StudyRow>().DistinctBy(r => r.Case).ToDictionary(r => r.Case);
    }

    private static void Append(string? path, StudyRow row)
    {
        if (path is not null)
        {
            var before = !File.Exists(path) ? StudyRow.Header + Environment.NewLine : EndsInALine(path) ? "" : Environment.NewLine;
            File.AppendAllText(path, before + row.ToCsv() + Environment.NewLine);
        }
    }

    /// <summary>Not so where a process was killed while it wrote.</summary>
    private static bool EndsInALine(string path)
    {
        using var file = File.OpenRead(path);
        file.Seek(-Math.Min(1, file.Length), SeekOrigin.End);
        return file.ReadByte() is '\n' or -1;
    }

    /// <summary>A Markdown table: a row for each width, granularity and observer, a column a correction.</summary>
    private static string Table(List<StudyRow> rows)
    {
        var lines = new List<string>
        {
            $"| | weights | observer | {string.Join(" | ", StudyCorrection.Names)} |",
            $"|---|---|---|{string.Concat(StudyCorrection.Names.Select(_ => "---|"))}",
        };
        foreach (var group in rows.GroupBy(r => (r.Case.WeightBits, r.Case.ActivationBits, r.Case.Granularity, r.Case.Observer)))
        {
            var cells = StudyCorrection.Names.Select(name => group.FirstOrDefault(r => r.Case.Correction == name) is { } row
                ? row.Accuracy.ToString("P2", CultureInfo.InvariantCulture)
                : "");
            var (weights, activations, granularity, observer) = group.Key;
            lines.Add($"| W{weights}A{activations} | per {granularity} | {observer} | {string.Join(" | ", cells)} |");
        }

        return string.Join(Environment.NewLine, lines);
    }
}
