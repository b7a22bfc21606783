using FluentAssertions.Execution;

namespace AdaQat.Tests.Support;

internal static class DictionaryOfBytesAssertions
{
    /// <summary>Fails with the first name whose bytes differ, not with the bytes.</summary>
    public static void ShouldEqual(this IReadOnlyDictionary<string, byte[]> actual, IReadOnlyDictionary<string, byte[]> expected)
    {
        using var scope = new AssertionScope();
        actual.Keys.Should().BeEquivalentTo(expected.Keys);
        foreach (var (name, bytes) in expected)
        {
            actual[name].AsSpan().SequenceEqual(bytes).Should().BeTrue("'{0}' must be the same to the bit", name);
        }
    }
}
