namespace Samples.Cifar10;

/// <summary>The binary version of CIFAR-10: six files of 10,000 records, a record being one label byte and 3072 pixel bytes.</summary>
public static class CifarFormat
{
    public const string FolderName = "cifar-10-batches-bin";
    public const string TestFile = "test_batch.bin";
    public const int RecordsPerFile = 10_000;
    public const int RecordSize = 1 + ImageShape.Size;

    public static IReadOnlyList<string> TrainFiles { get; } =
        ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];

    public static IEnumerable<string> AllFiles => TrainFiles.Append(TestFile);
}
