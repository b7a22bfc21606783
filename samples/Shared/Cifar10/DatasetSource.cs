using System.Globalization;
using Samples.CommandLine;

namespace Samples.Cifar10;

/// <summary>
/// Finds what a run trains on: the named folder; else the cache; else a download; else, where that is impossible, procedural images.
/// </summary>
/// <param name="cacheRoot">The folder that downloads are kept in.</param>
/// <param name="download">Fetches CIFAR-10 into it.</param>
/// <param name="say">Takes a line for the user.</param>
public sealed class DatasetSource(string cacheRoot, CifarDownload download, Action<string> say)
{
    private long _tenths = -1;

    /// <summary>As a program looks for its images.</summary>
    public static ImageDataset Load(DataRequest request, Action<string> say, CancellationToken cancellation = default) =>
        new DatasetSource(CifarFolder.CacheRoot(), CifarDownload.Official, say).Load(request, cancellation);

    public ImageDataset Load(DataRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var whole = request is { Recorded: ProceduralImages.Name, Folder: null } ? ProceduralImages.Create() : Find(request, cancellation);
        if (request.Recorded is { } recorded && recorded != whole.Name)
        {
            throw new SampleException($"The run was started on {recorded}; {whole.Name} is not the same.", ExitCode.Usage);
        }

        var dataset = whole with
        {
            Train = Prefix("--train-images", request.TrainImages, whole.Train),
            Test = Prefix("--test-images", request.TestImages, whole.Test),
        };
        if (request.BatchSize > dataset.Train.Count)
        {
            throw new SampleException(
                $"--batch-size: '{request.BatchSize}' is not allowed with {dataset.Train.Count} training images; "
                + $"allowed: whole numbers from 1 to {dataset.Train.Count}.",
                ExitCode.Usage);
        }

        say(string.Create(
            CultureInfo.InvariantCulture,
            $"Data: {dataset.Name}, {dataset.Train.Count:N0} images to train on, {dataset.Test.Count:N0} to test on."));
        return dataset;
    }

    private ImageDataset Find(DataRequest request, CancellationToken cancellation)
    {
        if (request.Folder is { } named)
        {
            return CifarFolder.Find(named).Load();
        }

        if (CifarFolder.TryFind(cacheRoot) is { } cached)
        {
            return cached.Load();
        }

        try
        {
            return download.RunAsync(cacheRoot, Report, cancellation).GetAwaiter().GetResult().Load();
        }
        catch (ServerUnreachableException fault) when (request.Recorded is null)
        {
            say($"CIFAR-10 is not in {cacheRoot} and cannot be downloaded ({fault.Message}): this run uses generated images "
                + $"({ProceduralImages.Name}); --data DIR names a folder with the real ones.");
            return ProceduralImages.Create();
        }
        catch (ServerUnreachableException fault)
        {
            throw new SampleException(
                $"The run was started on {request.Recorded}, which is not in {cacheRoot} and cannot be downloaded ({fault.Message}).",
                inner: fault);
        }
    }

    /// <summary>A line for every tenth of the download.</summary>
    private void Report(long received, long? total)
    {
        var tenths = total is > 0 and var all ? received * 10 / all : 0;
        if (tenths > _tenths)
        {
            _tenths = tenths;
            say(string.Create(CultureInfo.InvariantCulture, $"Downloading CIFAR-10: {received / 1e6:0.0} of {total / 1e6:0.0} MB"));
        }
    }

    private static ImageSet Prefix(string option, int? count, ImageSet images) => count is not { } wanted ? images : wanted <= images.Count
        ? images.Take(wanted)
        : throw new SampleException(
            $"{option}: '{wanted}' is not allowed; allowed: whole numbers from 1 to {images.Count}.", ExitCode.Usage);
}
