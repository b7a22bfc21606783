using System.Globalization;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Data.Cifar;
using ResNet20Cifar.Data.Download;
using ResNet20Cifar.Data.Procedural;

namespace ResNet20Cifar.Data;

/// <summary>
/// Finds what a run trains on: the named folder; else the cache; else a download; else, where that is impossible, procedural images.
/// </summary>
/// <param name="cacheRoot">The folder that downloads are kept in.</param>
/// <param name="download">Fetches CIFAR-10 into it.</param>
/// <param name="say">Takes a line for the user.</param>
/// <param name="progress">Takes how far a download is.</param>
public sealed class DatasetSource(string cacheRoot, CifarDownload download, Action<string> say, Action<DownloadProgress> progress)
{
    /// <param name="options">Name the folder and how many images of it are used.</param>
    /// <param name="recorded">What a run that goes on was started with: it must be that again; null for a new run.</param>
    /// <param name="cancellation">Stops a download.</param>
    public ImageDataset Load(RunOptions options, string? recorded, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var whole = recorded == ProceduralImages.Name && options.Data is null
            ? ProceduralImages.Create()
            : Find(options.Data, recorded, cancellation);
        if (recorded is not null && recorded != whole.Name)
        {
            throw new SampleException($"The run was started on {recorded}; {whole.Name} is not the same.", ExitCode.Usage);
        }

        var dataset = whole with
        {
            Train = Prefix("--train-images", options.TrainImages, whole.Train),
            Test = Prefix("--test-images", options.TestImages, whole.Test),
        };
        if (options.BatchSize > dataset.Train.Count)
        {
            throw new SampleException(
                $"--batch-size: '{options.BatchSize}' is not allowed with {dataset.Train.Count} training images; "
                + $"allowed: whole numbers from 1 to {dataset.Train.Count}.",
                ExitCode.Usage);
        }

        say(string.Create(
            CultureInfo.InvariantCulture,
            $"Data: {dataset.Name}, {dataset.Train.Count:N0} images to train on, {dataset.Test.Count:N0} to test on."));
        return dataset;
    }

    private ImageDataset Find(string? named, string? recorded, CancellationToken cancellation)
    {
        if (named is not null)
        {
            return CifarFolder.Find(named).Load();
        }

        if (CifarFolder.TryFind(cacheRoot) is { } cached)
        {
            return cached.Load();
        }

        try
        {
            return download.RunAsync(cacheRoot, progress, cancellation).GetAwaiter().GetResult().Load();
        }
        catch (ServerUnreachableException fault) when (recorded is null)
        {
            say($"CIFAR-10 is not in {cacheRoot} and cannot be downloaded ({fault.Message}): this run uses generated images "
                + $"({ProceduralImages.Name}); --data DIR names a folder with the real ones.");
            return ProceduralImages.Create();
        }
        catch (ServerUnreachableException fault)
        {
            throw new SampleException(
                $"The run was started on {recorded}, which is not in {cacheRoot} and cannot be downloaded ({fault.Message}).",
                    inner: fault);
        }
    }

    private static ImageSet Prefix(string option, int? count, ImageSet images) => count is not { } wanted ? images : wanted <= images.Count
        ? images.Take(wanted)
        : throw new SampleException(
            $"{option}: '{wanted}' is not allowed; allowed: whole numbers from 1 to {images.Count}.", ExitCode.Usage);
}
