namespace AdaQat.Tests.Runs;

/// <summary>Options as a program of a user's has them.</summary>
internal sealed record RunChoices
{
    public int Epochs { get; init; } = 10;

    public double Lambda { get; init; } = 0.15;

    public string? Data { get; init; }

    public int? TrainImages { get; init; }

    public bool Front { get; init; }

    public WidthSharing Sharing { get; init; }

    public Pair? Bits { get; init; }
}
