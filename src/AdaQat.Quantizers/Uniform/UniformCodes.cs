using System.Numerics;

namespace AdaQat.Quantizers.Uniform;

/// <summary>The codes of a uniform grid, whatever its scales, for as many elements as a vector has.</summary>
internal readonly struct UniformCodes<T>(UniformForm form)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The smallest.</summary>
    public readonly Vector<T> Smallest = new(T.CreateChecked(form.Smallest));

    /// <summary>The largest.</summary>
    public readonly Vector<T> Largest = new(T.CreateChecked(form.Largest));

    /// <summary>How many there are.</summary>
    public readonly Vector<T> Count = new(T.CreateChecked(form.Count));
}
