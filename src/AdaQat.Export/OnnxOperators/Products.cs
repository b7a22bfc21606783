using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Convolutions, linear layers and tables.</summary>
internal static class Products
{
    public static string Convolution(OperatorScope n, ConvolutionOperator c) => n.Op("Conv", Inputs(n),
        OnnxAttribute.Of("kernel_shape", n.In(1).Skip(2)), OnnxAttribute.Of("strides", c.Stride),
        OnnxAttribute.Of("pads", [.. c.Padding, .. c.Padding]), OnnxAttribute.Of("dilations", c.Dilation),
        OnnxAttribute.Of("group", c.Groups));

    public static string TransposedConvolution(OperatorScope n, TransposedConvolutionOperator c) => n.Op("ConvTranspose", Inputs(n),
        OnnxAttribute.Of("kernel_shape", n.In(1).Skip(2)), OnnxAttribute.Of("strides", c.Stride),
        OnnxAttribute.Of("pads", [.. c.Padding, .. c.Padding]), OnnxAttribute.Of("output_padding", c.OutputPadding),
        OnnxAttribute.Of("dilations", c.Dilation), OnnxAttribute.Of("group", c.Groups));

    /// <summary>A product with the weight the other way round, and the bias added: the form that takes inputs of any rank.</summary>
    public static string Linear(OperatorScope n)
    {
        var product = n.Op("MatMul", [n.Input(0), n.Transposed(1)]);
        return n.InputCount == 3 ? n.Op("Add", [product, n.Input(2)]) : product;
    }

    public static string Embedding(OperatorScope n)
    {
        var rows = n.Op("Cast", [n.Input(0)], OnnxAttribute.Of("to", (long)OnnxElement.Int64));
        return n.Op("Gather", [n.Input(1), rows], OnnxAttribute.Of("axis", 0));
    }

    private static IEnumerable<string> Inputs(OperatorScope n) => Enumerable.Range(0, n.InputCount).Select(n.Input);
}
