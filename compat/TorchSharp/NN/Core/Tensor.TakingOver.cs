namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Takes over another object's native tensor and its place in a dispose scope; to the statistics the two are one.</summary>
        private protected Tensor(Tensor predecessor)
        {
            handle = predecessor.Handle;
            kilobytes = predecessor.kilobytes;
            DisposeScope.ReplaceWith(predecessor, this);
            predecessor.handle = 0;
            GC.SuppressFinalize(predecessor);
        }
    }
}
