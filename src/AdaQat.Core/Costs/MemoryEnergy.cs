namespace AdaQat;

/// <summary>
/// What it takes to move one bit from or to a memory, in pJ, in 45 nm at 0.9 V: an access of 64 bits (M. Horowitz, Computing's Energy
/// Problem, ISSCC 2014) divided by 64.
/// </summary>
public static class MemoryEnergy
{
    /// <summary>A memory of 8 KiB on the chip: 10 pJ for 64 bits.</summary>
    public const double OnChip8KiB = 10.0 / 64;

    /// <summary>A memory of 32 KiB on the chip: 20 pJ for 64 bits.</summary>
    public const double OnChip32KiB = 20.0 / 64;

    /// <summary>A memory of 1 MiB on the chip: 100 pJ for 64 bits.</summary>
    public const double OnChip1MiB = 100.0 / 64;

    /// <summary>DRAM: 1.3 to 2.6 nJ for 64 bits, the middle of it.</summary>
    public const double Dram = 1950.0 / 64;
}
