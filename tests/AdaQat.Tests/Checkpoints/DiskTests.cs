using AdaQat.Training;

namespace AdaQat.Tests.Checkpoints;

/// <summary>
/// A disk that is full or read-only: the error names the file and the reason, the old checkpoint and the run stay as they were.
/// </summary>
public sealed class DiskTests
{
    [SmallDiskFact]
    public void A_full_disk()
    {
        using var disk = new SmallDisk(64);
        var path = Path.Combine(disk.Path, "run.ckpt");
        using var run = new TrainerRun(new TrainerOptions { CheckpointPath = path });
        run.Trainer.SaveCheckpoint();
        var filler = Path.Combine(disk.Path, "filler");
        Fill(filler);

        Refused(run, path, "*No space left on device*");

        new FileInfo(filler).Delete();
        run.Trainer.Invoking(t => t.SaveCheckpoint()).Should().NotThrow("there is space again");
    }

    [SmallDiskFact]
    public void A_read_only_disk()
    {
        using var disk = new SmallDisk(64);
        var path = Path.Combine(disk.Path, "run.ckpt");
        using var run = new TrainerRun(new TrainerOptions { CheckpointPath = path });
        run.Trainer.SaveCheckpoint();
        disk.MakeReadOnly();

        Refused(run, path, "*Read-only file system*");
    }

    [Fact]
    public void A_folder_that_takes_no_files()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var run = new TrainerRun(new TrainerOptions { CheckpointPath = "/proc/self/run.ckpt" });

        run.Trainer.Invoking(t => t.SaveCheckpoint()).Should().Throw<IOException>()
            .WithMessage("'/proc/self/run.ckpt' could not be written: *");
    }

    private static void Refused(TrainerRun run, string path, string reason)
    {
        var (before, files, bytes) = (run.Everything(), Files(path), File.ReadAllBytes(path));

        run.Trainer.Invoking(t => t.SaveCheckpoint()).Should().Throw<IOException>().WithMessage($"'{path}' could not be written: {reason}");

        run.Everything().ShouldEqual(before);
        Files(path).Should().Equal(files);
        File.ReadAllBytes(path).Should().Equal(bytes);
        run.Trainer.Invoking(t => t.Resume(path)).Should().NotThrow();
    }

    private static string[] Files(string path) => [.. Directory.EnumerateFiles(Path.GetDirectoryName(path)!).Order()];

    private static void Fill(string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                stream.Write(new byte[1024]);
            }
        }
        catch (IOException)
        {
            return;
        }
    }
}
