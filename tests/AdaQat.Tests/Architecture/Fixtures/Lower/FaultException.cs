namespace AdaQat.Tests.Architecture.Fixtures.Lower;

internal sealed class FaultException : Exception;
