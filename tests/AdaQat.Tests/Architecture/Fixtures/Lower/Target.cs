namespace AdaQat.Tests.Architecture.Fixtures.Lower;

internal class Target
{
    public static int Count => 1;
}
