using System.Runtime.CompilerServices;

namespace TorchSharp.Interop;

/// <summary>Room on the stack for the arguments of an in-place operator, which come in two parts.</summary>
[InlineArray(Length)]
internal struct ArgumentBuffer
{
    public const int Length = 20;

#pragma warning disable IDE0044, CA1823 // The runtime repeats this field; nothing names it.
    private Value first;
#pragma warning restore IDE0044, CA1823
}
