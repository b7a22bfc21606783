using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>What steps work on while one image is computed: memory, and the caller's arrays at the image's place.</summary>
internal sealed unsafe class RunState(int inputs, int outputs)
{
    /// <summary>The memory of this thread, in which its scratch is.</summary>
    public byte* Memory { get; set; }

    /// <summary>The memory in which values are: this thread's, or that of the one whose image it helps with.</summary>
    public byte* Values { get; set; }

    /// <summary>Addresses of the caller's inputs.</summary>
    public nint[] Inputs { get; } = new nint[inputs];

    /// <summary>Addresses of the caller's outputs.</summary>
    public nint[] Outputs { get; } = new nint[outputs];

    /// <summary>What runs the model's islands in this thread's memory, in their order.</summary>
    public PreparedRun[] Islands { get; set; } = [];

    /// <summary>The address of a slot.</summary>
    public byte* At(Slot slot) => (slot.IsScratch ? Memory : Values) + slot.Offset;
}
