namespace AdaQat.Graph;

/// <summary>Functions of one number that networks are written with, besides activations.</summary>
public enum UnaryFunction
{
    /// <summary>|x|.</summary>
    Abs,

    /// <summary>−x.</summary>
    Negate,

    /// <summary>e^x.</summary>
    Exp,

    /// <summary>The natural logarithm.</summary>
    Log,

    /// <summary>The square root.</summary>
    Sqrt,

    /// <summary>1 / √x.</summary>
    ReciprocalSqrt,

    /// <summary>1 / x.</summary>
    Reciprocal,

    /// <summary>x².</summary>
    Square,

    /// <summary>The error function.</summary>
    Erf,

    /// <summary>The sine.</summary>
    Sin,

    /// <summary>The cosine.</summary>
    Cos,

    /// <summary>The largest whole number that is not above x.</summary>
    Floor,

    /// <summary>The smallest whole number that is not below x.</summary>
    Ceil,

    /// <summary>The nearest whole number; of two, the even one.</summary>
    Round,

    /// <summary>−1, 0 or 1; 0 where x is no number.</summary>
    Sign,
}
