namespace AdaQat.Tests.Architecture;

/// <summary>A type, the folder of its source file, and the types of its own assembly that it needs.</summary>
/// <param name="Name">With the namespace.</param>
/// <param name="Room">Relative to the project; empty where the file lies in the project's folder itself or outside of it.</param>
/// <param name="Needs">Their names.</param>
internal sealed record RoomedType(string Name, string Room, IReadOnlyCollection<string> Needs);
