namespace TorchSharp.Modules;

/// <summary>Sizes and options of a recurrent module of several layers.</summary>
internal readonly record struct RecurrentShape(
    long Input, long Hidden, long Layers, bool HasBias, bool BatchFirst, double Dropout, bool Bidirectional)
{
    public int Directions => Bidirectional ? 2 : 1;
}
