using AdaQat.Runtime;
using AdaQat.Tests.Support;

namespace AdaQat.Tests.Runtime;

/// <summary>Layers of all widths and windows by all kinds of kernels, as a program: minutes.</summary>
internal static class KernelMatrix
{
    public const string Verb = "kernel-matrix";

    /// <summary>All pairs of widths with all windows.</summary>
    public static int Print()
    {
        foreach (var kind in Enum.GetValues<KernelKind>())
        {
            var layers = 0;
            if (KernelKinds.IsSupported(kind))
            {
                Run((_, _) => LayerGeometry.All, (model, seed) =>
                {
                    KernelAgreementTests.Compare(model, kind, seed);
                    layers++;
                });
            }

            Console.WriteLine(layers > 0 ? $"{kind}: {layers} layers give the reference's numbers" : $"{kind}: not on this processor");
        }

        return 0;
    }

    /// <summary>A layer for each pair of widths and each window.</summary>
    /// <param name="windows">The windows of a pair.</param>
    /// <param name="compare">Takes the layer and its seed.</param>
    public static void Run(Func<int, int, IEnumerable<LayerGeometry>> windows, Action<IntegerModel, int> compare)
    {
        var seed = 0;
        for (var weightBits = 1; weightBits <= 8; weightBits++)
        {
            for (var activationBits = 1; activationBits <= 8; activationBits++)
            {
                foreach (var window in windows(weightBits, activationBits))
                {
                    compare(RandomIntegerModel.Layer(seed, weightBits, activationBits, window), seed);
                    seed++;
                }
            }
        }
    }
}
