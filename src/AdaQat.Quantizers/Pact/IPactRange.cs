namespace AdaQat.Quantizers.Pact;

/// <summary>The range that PACT clips to, known when a kernel is compiled.</summary>
internal interface IPactRange
{
    /// <summary>[−α, α] instead of [0, α].</summary>
    static abstract bool IsSigned { get; }
}

/// <summary>[0, α].</summary>
internal readonly struct UnsignedPactRange : IPactRange
{
    public static bool IsSigned => false;
}

/// <summary>[−α, α].</summary>
internal readonly struct SignedPactRange : IPactRange
{
    public static bool IsSigned => true;
}
