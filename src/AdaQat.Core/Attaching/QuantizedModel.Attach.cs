using AdaQat.Attaching;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

public sealed partial class QuantizedModel
{
    /// <summary>Quantizes the layers that <paramref name="model"/> calls on <paramref name="exampleInput"/>.</summary>
    /// <typeparam name="T">What the model takes: a tensor, or a tuple, list or dictionary of tensors.</typeparam>
    /// <typeparam name="TResult">What it returns: anything.</typeparam>
    /// <param name="model">Any model, in any mode, on any device. It runs a few times, in eval mode without gradient.</param>
    /// <param name="exampleInput">An input as the model takes it, with its batch dimension; one sample of real data is best.</param>
    /// <param name="scheme">Widths, rules and quantizers, such as <c>new QuantizationOptions()</c>.</param>
    /// <returns>The handle to widths, costs and summary. Disposing it detaches.</returns>
    /// <exception cref="ArgumentException">
    /// The example input is empty, the model fails on it, an option is outside what is allowed, or a rule matches no layer.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The model is attached already, calls no layer that can be quantized, or reaches one through <c>forward</c> instead of <c>call</c>.
    /// </exception>
    public static QuantizedModel Attach<T, TResult>(nn.Module<T, TResult> model, T exampleInput, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(exampleInput, nameof(exampleInput));
        return Attachment.Make(model, () => model.call(exampleInput), BatchSize(exampleInput), scheme, RootHooks.On(model));
    }

    /// <summary>Quantizes the layers that a model of two inputs calls on the examples; see <see cref="Attach{T, TResult}"/>.</summary>
    /// <typeparam name="T1">What the model takes first.</typeparam>
    /// <typeparam name="T2">What it takes second.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="model">Any model of two inputs.</param>
    /// <param name="first">The first input, with its batch dimension.</param>
    /// <param name="second">The second input.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}"/>
    public static QuantizedModel Attach<T1, T2, TResult>(nn.Module<T1, T2, TResult> model, T1 first, T2 second, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(first, nameof(first));
        RequireExample(second, nameof(second));
        return Attachment.Make(model, () => model.call(first, second), BatchSize(first), scheme, RootHooks.On(model));
    }

    /// <summary>Quantizes the layers that a model of three inputs calls on the examples; see <see cref="Attach{T, TResult}"/>.</summary>
    /// <typeparam name="T1">What the model takes first.</typeparam>
    /// <typeparam name="T2">What it takes second.</typeparam>
    /// <typeparam name="T3">What it takes third.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="model">Any model of three inputs.</param>
    /// <param name="first">The first input, with its batch dimension.</param>
    /// <param name="second">The second input.</param>
    /// <param name="third">The third input.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}"/>
    public static QuantizedModel Attach<T1, T2, T3, TResult>(
        nn.Module<T1, T2, T3, TResult> model, T1 first, T2 second, T3 third, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(first, nameof(first));
        RequireExample(second, nameof(second));
        RequireExample(third, nameof(third));
        return Attachment.Make(model, () => model.call(first, second, third), BatchSize(first), scheme, RootHooks.On(model));
    }

    /// <summary>The first dimension of an example that is one tensor, as it is of every batch.</summary>
    private static long? BatchSize(object? example) => example is Tensor { ndim: > 0 } tensor ? tensor.shape[0] : null;

    private static void RequireExample(object? example, string parameter)
    {
        ArgumentNullException.ThrowIfNull(example, parameter);
        if (example is Tensor tensor && tensor.numel() == 0)
        {
            throw new ArgumentException(
                $"The example input is empty, of shape [{string.Join(", ", tensor.shape)}]; at least one sample is needed.", parameter);
        }
    }
}
