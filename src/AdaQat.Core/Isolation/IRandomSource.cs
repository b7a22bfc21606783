using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>A generator of random numbers that models draw from, and how its numbers are repeated.</summary>
internal interface IRandomSource
{
    /// <summary>The name of its mark in a checkpoint.</summary>
    string Name { get; }

    /// <summary>Whether <paramref name="model"/> draws from it.</summary>
    bool Serves(nn.Module model);

    /// <summary>Marks a point from which its numbers can be repeated, and goes on from there.</summary>
    /// <returns>The mark, on the CPU, the caller's to dispose.</returns>
    Tensor Mark();

    /// <summary>
    /// A mark to go on from after something that is to leave no trace: where the present point cannot be had, another one that follows
    /// from the marks before.
    /// </summary>
    /// <returns>The mark, on the CPU, the caller's to dispose.</returns>
    Tensor Pause();

    /// <summary>Repeats its numbers from a mark on.</summary>
    void Repeat(Tensor mark);

    /// <summary>Goes on as the run did that a mark was saved in, this one or another.</summary>
    void Resume(Tensor mark);

    /// <summary>A step of a run begins: what it draws is to follow from its number, where that can be had.</summary>
    void BeginStep(long step);
}
