namespace AdaQat.Export;

/// <summary>How a form moves the numbers that a quantizer is given: factor · number + term, and what is rounded on top of that.</summary>
/// <param name="Factor">What the number is multiplied by; about 1.</param>
/// <param name="Term">What is added.</param>
/// <param name="Most">How far from a threshold a number may be that comes to lie on its other side, at most: a step of the sums.</param>
/// <param name="Rounding">How far off the program may compute it, beside what rounding in 32 bits does to any sum.</param>
internal sealed record CodeMove(double Factor, double Term, double Most, double Rounding)
{
    /// <summary>Of a number that stays what it is.</summary>
    public static CodeMove None { get; } = new(1, 0, 0, 0);

    /// <summary>What becomes of a number.</summary>
    public double Of(double number) => (Factor * number) + Term;

    /// <summary>Whether a number is moved from one side of a threshold to the other, up or down.</summary>
    public bool Crosses(double number, double threshold, bool up) =>
        Math.Abs(number - threshold) <= Most && (up ? Of(number) >= threshold : Of(number) <= threshold);
}
