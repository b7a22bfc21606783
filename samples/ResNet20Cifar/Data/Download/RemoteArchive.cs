namespace ResNet20Cifar.Data.Download;

/// <summary>A file to fetch, and how to know that it arrived whole.</summary>
/// <param name="Address">Where it is published.</param>
/// <param name="Md5">Its published checksum, in lower-case hexadecimal digits.</param>
public sealed record RemoteArchive(Uri Address, string Md5)
{
    /// <summary>CIFAR-10 in its binary version, where its authors publish it.</summary>
    public static RemoteArchive Cifar10 { get; } =
        new(new Uri("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), "c32a1d4ab5d03f1284b67883e8d87530");

    public string FileName => Path.GetFileName(Address.LocalPath);
}
