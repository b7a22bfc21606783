namespace AdaQat.Graph;

/// <summary>A pixel that a place of a resized image is made of, along one axis, and how much of it.</summary>
internal readonly record struct PixelWeight(int Source, double Weight);
