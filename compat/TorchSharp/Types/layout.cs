namespace TorchSharp;

public enum layout : sbyte
{
    strided = 0,
    sparse_coo = 1,
}
