using AdaQat.Tests.Support;

namespace AdaQat.Tests.Runtime;

/// <summary>Any number of damaged files of integer models, as a program.</summary>
internal static class DamagedFiles
{
    public const string Verb = "damaged-files";

    /// <summary>Reads damaged files, each also with its checksum made right; what is a model then is run.</summary>
    /// <returns>The exit code: 1 where one was accepted as it was or made the reader allocate more than is said.</returns>
    public static int Run(int count)
    {
        var originals = Enumerable.Range(0, 300).Select(MutatedFiles.Original).ToList();
        var random = new Random(count);
        var (accepted, models, greedy, ran) = (0, 0, 0, 0);
        for (var i = 0; i < count; i++)
        {
            var file = MutatedFiles.Mutated(originals[random.Next(originals.Count)], random);
            accepted += MutatedFiles.IsRead(file, out _) ? 1 : 0;
            var isModel = MutatedFiles.IsRead(MutatedFiles.Sealed(file), out var allocated);
            models += isModel ? 1 : 0;
            ran += isModel && MutatedFiles.Runs(file) ? 1 : 0;
            greedy += allocated > (256L * file.Length) + (1 << 20) ? 1 : 0;
        }

        Console.WriteLine($"{count} damaged files: {accepted} accepted as they were, {models} models once the checksum was made right, "
            + $"{ran} of which ran within 1 MiB, {greedy} that allocated more than 256 times their length and 1 MiB.");
        return accepted + greedy == 0 ? 0 : 1;
    }
}
