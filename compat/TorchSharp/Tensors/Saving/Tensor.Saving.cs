namespace TorchSharp;

public static partial class torch
{
    public static void save(Tensor t, string location) => t.Save(location);

    public static Tensor load(string location) => Tensor.Load(location);

    public partial class Tensor
    {
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            return Load(reader);
        }

        public static Tensor Load(string location)
        {
            using var stream = File.OpenRead(location);
            return Load(stream);
        }

        public static Tensor load(string location) => Load(location);

        public void save(string location) => this.Save(location);

        /// <summary>Writes the elements as they lie in memory, which must be contiguous and main memory.</summary>
        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            foreach (var (start, length) in Pieces()) stream.Write(new ReadOnlySpan<byte>((void*)start, length));
            GC.KeepAlive(this);
        }

        /// <summary>Fills the elements with the stream's next bytes.</summary>
        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            foreach (var (start, length) in Pieces()) stream.ReadExactly(new Span<byte>((void*)start, length));
            GC.KeepAlive(this);
        }

        /// <summary>A span ends at two gigabytes; a tensor need not.</summary>
        private IEnumerable<(nint Start, int Length)> Pieces()
        {
            const int Largest = 1 << 30;
            var description = Describe();
            if (description.IsContiguous == 0) throw NotInOrder();
            var start = MainMemory();
            for (var left = description.Elements * description.ElementSize; left > 0; left -= Largest)
            {
                yield return (start, (int)Math.Min(left, Largest));
                start += Largest;
            }
        }
    }
}
