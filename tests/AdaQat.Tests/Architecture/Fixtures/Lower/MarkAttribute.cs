namespace AdaQat.Tests.Architecture.Fixtures.Lower;

[AttributeUsage(AttributeTargets.All)]
internal sealed class MarkAttribute : Attribute;
