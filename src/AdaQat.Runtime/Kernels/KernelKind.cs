namespace AdaQat.Runtime;

/// <summary>Which instructions kernels use. All compute the same numbers.</summary>
internal enum KernelKind
{
    /// <summary>Plain C#, anywhere.</summary>
    Plain,

    /// <summary>Vectors of 128 bits on x86, with products of pairs of bytes: what ahead-of-time programs have by default.</summary>
    Ssse3,

    /// <summary>Vectors of 256 bits, with products of pairs of bytes.</summary>
    Avx2,

    /// <summary>Vectors of 256 bits, with dot products of four bytes.</summary>
    AvxVnni,

    /// <summary>
    /// Vectors of 512 bits, with products of pairs of bytes, where those fit into 16 bits for a while; else dot products as with AVX-VNNI,
    /// or as with AVX2.
    /// </summary>
    Avx512,

    /// <summary>Vectors of 128 bits on Arm, with dot products of four bytes.</summary>
    ArmDot,
}
