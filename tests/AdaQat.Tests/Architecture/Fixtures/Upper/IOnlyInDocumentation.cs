using AdaQat.Tests.Architecture.Fixtures.Lower;

namespace AdaQat.Tests.Architecture.Fixtures.Upper;

/// <summary>Mentions <see cref="ITarget"/> and needs it not.</summary>
internal interface IOnlyInDocumentation;
