using Onnx;

namespace AdaQat.Tests.Support;

/// <summary>Reads files by the code that Google's compiler makes of ONNX's own description of its format.</summary>
internal static class OnnxReader
{
    public static ModelProto Read(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
}
