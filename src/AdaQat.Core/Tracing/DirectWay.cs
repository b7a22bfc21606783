namespace AdaQat.Tracing;

/// <summary>A way past a layer's hooks.</summary>
internal enum DirectWay
{
    /// <summary><c>layer.forward(x)</c>.</summary>
    Forward,

    /// <summary><c>forward(x, outputSize)</c> of a transposed convolution, for which there is no <c>call</c>.</summary>
    ForwardWithSize,

    /// <summary>The weight itself, as in <c>conv2d(x, standardize(layer.weight))</c>.</summary>
    Weight,
}
