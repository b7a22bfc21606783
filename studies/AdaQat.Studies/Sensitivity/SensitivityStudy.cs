using System.Diagnostics;
using System.Globalization;
using AdaQat.Quantizers;
using AdaQat.Reports;
using AdaQat.Studies.Networks;
using AdaQat.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Studies.Sensitivity;

/// <summary>What each layer's bits cost a network on CIFAR-10: as a table, a file and a page. Ctrl-C stops it so that it goes on.</summary>
public static class SensitivityStudy
{
    public static int Execute(SensitivityStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Execute(options, () => DatasetSource.Load(
            new DataRequest(options.Data, options.Images, TestImages: null, options.BatchSize), Console.WriteLine));
    }

    /// <param name="options">What is analysed.</param>
    /// <param name="load">Gives the images, once the options are known to be good.</param>
    public static int Execute(SensitivityStudyOptions options, Func<ImageDataset> load)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(load);
        if (options.Init is { } init && !File.Exists(init))
        {
            throw new SampleException($"--init {init}: there is no such file.", ExitCode.Usage);
        }

        using var interruption = new Interruption();
        var device = TorchRuntime.Prepare(options.Threads);
        var dataset = load();
        Directory.CreateDirectory(options.Out);
        manual_seed(1);
        using var model = StudyNetwork.Create(options.Network);
        if (options.Init is { } start)
        {
            Checkpoint.LoadWeights(start, model);
        }

        var images = ImageBatches.Evaluation(dataset.Train, dataset.Normalization, options.BatchSize, device);
        using var quantized = Attach(model, images);
        quantized.Calibrate(images, Math.Min(2, images.BatchesPerEpoch));
        try
        {
            var clock = Stopwatch.StartNew();
            var report = SensitivityAnalysis.Run(
                quantized, images, (output, target) => nn.functional.cross_entropy(output, target),
                new SensitivityOptions { CheckpointPath = Path.Combine(options.Out, "state.json"), ReusesPrefix = !options.Whole },
                new Lines(), interruption.Token);
            report.WriteCsv(Path.Combine(options.Out, "sensitivity.csv"));
            SensitivityPage.Write(report, Path.Combine(options.Out, "sensitivity.html"));
            Console.WriteLine(report);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:0} s; files in {options.Out}"));
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Stopped; the same command goes on.");
            return ExitCode.Interrupted;
        }
    }

    private static QuantizedModel Attach(nn.Module<Tensor, Tensor> model, IBatchSource<Batch> images)
    {
        using var batch = images.Epoch(0, 0).First();
        using var example = batch.Input.narrow(0, 0, 1);
        return QuantizedModel.Attach(model, example, new QuantizationOptions());
    }

    /// <summary>A line every few seconds.</summary>
    private sealed class Lines : IProgress<SensitivityProgress>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
        private long _last = Stopwatch.GetTimestamp();

        public void Report(SensitivityProgress value)
        {
            if (Stopwatch.GetElapsedTime(_last) > Interval)
            {
                _last = Stopwatch.GetTimestamp();
                Console.WriteLine($"{value.Done} of {value.Total}: batch {value.Batch}, {value.Layer}");
            }
        }
    }
}
