namespace AdaQat.Export;

/// <summary>
/// How ONNX Runtime makes codes of a layer's sums when it computes in bytes: the sum with its bias, as a float, times a factor that it has
/// from three scales, rounded to the nearest integer, of two to the even one. All of it in 32 bits.
/// </summary>
/// <param name="InputScale">The step of the layer's input.</param>
/// <param name="OutputScale">The step of what the layer makes.</param>
internal readonly record struct ByteRounding(float InputScale, float OutputScale)
{
    /// <summary>What sums are multiplied by.</summary>
    public float Factor(float weightScale) => (float)((float)(InputScale * weightScale) / OutputScale);

    /// <summary>The step of the weight with which the factor is nearly a number.</summary>
    public float WeightScale(double factor) => (float)(factor * OutputScale / InputScale);

    /// <summary>The integer that a sum with its bias becomes: its code, and the grid's offset.</summary>
    public static float Round(long sum, float factor) => MathF.Round((float)sum * factor, MidpointRounding.ToEven);
}
