namespace AdaQat.Tests.Architecture.Fixtures.Lower;

internal enum Kind
{
    One,
}
