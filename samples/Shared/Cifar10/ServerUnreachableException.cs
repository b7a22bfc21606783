namespace Samples.Cifar10;

/// <summary>Not one byte could be had: no network, no such host, or a server that does not serve the file.</summary>
public sealed class ServerUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
