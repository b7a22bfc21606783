namespace AdaQat.Tests.Architecture.Fixtures.Lower;

/// <summary>Has no method with lines: its file is known by the compiler's note alone.</summary>
internal interface ITarget;
