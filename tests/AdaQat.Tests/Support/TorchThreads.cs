using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Brings torch's number of threads back to what it was.</summary>
internal sealed class TorchThreads : IDisposable
{
    private readonly int _before = get_num_threads();

    public void Dispose() => set_num_threads(_before);
}
