namespace AdaQat.Graph;

/// <summary>A value of a prepared graph: how many numbers it has, and from which node to which it is needed.</summary>
/// <param name="Count">How many numbers.</param>
/// <param name="First">The node that makes it, by its place in the graph; −1 for an input.</param>
/// <param name="Last">The last node that reads it; an output of the graph is needed to its end, the number of nodes.</param>
internal readonly record struct PreparedValue(int Count, int First, int Last);
