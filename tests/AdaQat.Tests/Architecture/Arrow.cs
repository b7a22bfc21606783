namespace AdaQat.Tests.Architecture;

/// <summary>A room that depends on another one, and one of the types that make it so.</summary>
internal sealed record Arrow(string From, string To, string Type, string Needed)
{
    public override string ToString() => $"{From} → {To}: {Type} → {Needed}";
}
