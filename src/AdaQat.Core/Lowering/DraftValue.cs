namespace AdaQat.Lowering;

/// <summary>A value of a draft: one of the outputs of one of its nodes.</summary>
/// <param name="Node">The node.</param>
/// <param name="Output">Which of its outputs.</param>
internal sealed record DraftValue(DraftNode Node, int Output = 0);
