namespace AdaQat.Quantizers.Kernels;

/// <summary>For operations that have nothing to know besides the numbers of scales.</summary>
internal readonly struct NoForm;
