namespace AdaQat.Export;

/// <summary>Types of elements, with ONNX's numbers of them.</summary>
internal enum OnnxElement
{
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    UInt4 = 21,
    Int4 = 22,
    UInt2 = 25,
    Int2 = 26,
}
