namespace AdaQat.Runtime;

/// <summary>What files call kinds of nodes. A number never changes its meaning.</summary>
internal enum NodeKind
{
    Input = 1,
    Output = 2,
    Quantize = 3,
    Dequantize = 4,
    Requantize = 5,
    Rescale = 6,
    Convolution = 7,
    TransposedConvolution = 8,
    Linear = 9,
    Add = 10,
    Multiply = 11,
    MaxPool = 12,
    SumPool = 13,
    Concat = 14,
    Slice = 15,
    Permute = 16,
    Reshape = 17,
    Pad = 18,
    Upsample = 19,
    Lookup = 20,
    Island = 21,
}
