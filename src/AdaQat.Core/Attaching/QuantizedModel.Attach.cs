using AdaQat.Attaching;
using AdaQat.Diagnostics;
using AdaQat.Tracing;
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
        return Attachment.Make(
            model, [Run(() => model.call(exampleInput), exampleInput)], scheme, RootHooks.On(model));
    }

    /// <summary>
    /// Quantizes the layers that a model of two inputs calls on the examples; see
    /// <see cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>.
    /// </summary>
    /// <typeparam name="T1">What the model takes first.</typeparam>
    /// <typeparam name="T2">What it takes second.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="model">Any model of two inputs.</param>
    /// <param name="first">The first input, with its batch dimension.</param>
    /// <param name="second">The second input.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>
    public static QuantizedModel Attach<T1, T2, TResult>(nn.Module<T1, T2, TResult> model, T1 first, T2 second, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(first, nameof(first));
        RequireExample(second, nameof(second));
        return Attachment.Make(
            model, [Run(() => model.call(first, second), first, second)], scheme, RootHooks.On(model));
    }

    /// <summary>
    /// Quantizes the layers that a model of three inputs calls on the examples; see
    /// <see cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>.
    /// </summary>
    /// <typeparam name="T1">What the model takes first.</typeparam>
    /// <typeparam name="T2">What it takes second.</typeparam>
    /// <typeparam name="T3">What it takes third.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="model">Any model of three inputs.</param>
    /// <param name="first">The first input, with its batch dimension.</param>
    /// <param name="second">The second input.</param>
    /// <param name="third">The third input.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>
    public static QuantizedModel Attach<T1, T2, T3, TResult>(
        nn.Module<T1, T2, T3, TResult> model, T1 first, T2 second, T3 third, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(first, nameof(first));
        RequireExample(second, nameof(second));
        RequireExample(third, nameof(third));
        return Attachment.Make(
            model, [Run(() => model.call(first, second, third), first, second, third)], scheme, RootHooks.On(model));
    }

    /// <summary>
    /// Quantizes the layers that a model of four inputs calls on the examples; see
    /// <see cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>.
    /// </summary>
    /// <typeparam name="T1">What the model takes first.</typeparam>
    /// <typeparam name="T2">What the model takes second.</typeparam>
    /// <typeparam name="T3">What the model takes third.</typeparam>
    /// <typeparam name="T4">What the model takes fourth.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="model">Any model of four inputs.</param>
    /// <param name="first">The first input, with its batch dimension.</param>
    /// <param name="second">The second input.</param>
    /// <param name="third">The third input.</param>
    /// <param name="fourth">The fourth input.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>
    public static QuantizedModel Attach<T1, T2, T3, T4, TResult>(
        nn.Module<T1, T2, T3, T4, TResult> model, T1 first, T2 second, T3 third, T4 fourth, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(first, nameof(first));
        RequireExample(second, nameof(second));
        RequireExample(third, nameof(third));
        RequireExample(fourth, nameof(fourth));
        return Attachment.Make(
            model, [Run(() => model.call(first, second, third, fourth), first, second, third, fourth)], scheme, RootHooks.On(model));
    }

    /// <summary>
    /// Quantizes the layers that a model of five inputs calls on the examples; see
    /// <see cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>.
    /// </summary>
    /// <typeparam name="T1">What the model takes first.</typeparam>
    /// <typeparam name="T2">What the model takes second.</typeparam>
    /// <typeparam name="T3">What the model takes third.</typeparam>
    /// <typeparam name="T4">What the model takes fourth.</typeparam>
    /// <typeparam name="T5">What the model takes fifth.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="model">Any model of five inputs.</param>
    /// <param name="first">The first input, with its batch dimension.</param>
    /// <param name="second">The second input.</param>
    /// <param name="third">The third input.</param>
    /// <param name="fourth">The fourth input.</param>
    /// <param name="fifth">The fifth input.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>
    public static QuantizedModel Attach<T1, T2, T3, T4, T5, TResult>(
        nn.Module<T1, T2, T3, T4, T5, TResult> model, T1 first, T2 second, T3 third, T4 fourth, T5 fifth, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(first, nameof(first));
        RequireExample(second, nameof(second));
        RequireExample(third, nameof(third));
        RequireExample(fourth, nameof(fourth));
        RequireExample(fifth, nameof(fifth));
        var run = Run(() => model.call(first, second, third, fourth, fifth), first, second, third, fourth, fifth);
        return Attachment.Make(model, [run], scheme, RootHooks.On(model));
    }

    /// <summary>
    /// Quantizes the layers that a model of six inputs calls on the examples; see
    /// <see cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>.
    /// </summary>
    /// <typeparam name="T1">What the model takes first.</typeparam>
    /// <typeparam name="T2">What the model takes second.</typeparam>
    /// <typeparam name="T3">What the model takes third.</typeparam>
    /// <typeparam name="T4">What the model takes fourth.</typeparam>
    /// <typeparam name="T5">What the model takes fifth.</typeparam>
    /// <typeparam name="T6">What the model takes sixth.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="model">Any model of six inputs.</param>
    /// <param name="first">The first input, with its batch dimension.</param>
    /// <param name="second">The second input.</param>
    /// <param name="third">The third input.</param>
    /// <param name="fourth">The fourth input.</param>
    /// <param name="fifth">The fifth input.</param>
    /// <param name="sixth">The sixth input.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>
    public static QuantizedModel Attach<T1, T2, T3, T4, T5, T6, TResult>(
        nn.Module<T1, T2, T3, T4, T5, T6, TResult> model, T1 first, T2 second, T3 third, T4 fourth, T5 fifth, T6 sixth,
        QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(first, nameof(first));
        RequireExample(second, nameof(second));
        RequireExample(third, nameof(third));
        RequireExample(fourth, nameof(fourth));
        RequireExample(fifth, nameof(fifth));
        RequireExample(sixth, nameof(sixth));
        var run = Run(() => model.call(first, second, third, fourth, fifth, sixth), first, second, third, fourth, fifth, sixth);
        return Attachment.Make(model, [run], scheme, RootHooks.On(model));
    }

    /// <summary>Quantizes the layers that a model calls on any of several examples, such as images of several sizes.</summary>
    /// <typeparam name="T">What the model takes: a tensor, or a tuple, list or dictionary of tensors.</typeparam>
    /// <typeparam name="TResult">What it returns: anything.</typeparam>
    /// <param name="model">Any model, in any mode, on any device. It runs a few times on each, in eval mode without gradient.</param>
    /// <param name="exampleInputs">At least one input, as the model takes it, with its batch dimension.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <remarks>
    /// A layer's costs are those of the first example that calls it. The first and the last layer of each example are first and last to
    /// rules. Layers that read one tensor in any example share its quantizer.
    /// </remarks>
    /// <inheritdoc cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>
    public static QuantizedModel Attach<T, TResult>(
        nn.Module<T, TResult> model, IReadOnlyList<T> exampleInputs, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(exampleInputs);
        Guard.AtLeast(exampleInputs.Count, 1, nameof(exampleInputs));
        foreach (var example in exampleInputs)
        {
            RequireExample(example, nameof(exampleInputs));
        }

        var runs = exampleInputs.Select(example => Run(() => model.call(example), example)).ToList();
        return Attachment.Make(model, runs, scheme, RootHooks.On(model));
    }

    /// <summary>
    /// Quantizes the layers that <paramref name="forwards"/> reach, for several examples of a model with several inputs.
    /// </summary>
    /// <typeparam name="TPreHook">Follows from the model.</typeparam>
    /// <typeparam name="TPostHook">Follows from the model.</typeparam>
    /// <param name="model">Any model. It runs a few times, in eval mode without gradient.</param>
    /// <param name="forwards">
    /// Each calls the model once, as in <c>[() => model.call(a, b), () => model.call(c, d)]</c>; at least one.
    /// </param>
    /// <param name="batchSize">How many samples each of them has, at least 1: costs are for one.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}(nn.Module{T, TResult}, IReadOnlyList{T}, QuantizationScheme)" path="/remarks"/>
    /// <inheritdoc cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)" path="/returns"/>
    /// <inheritdoc cref="Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)" path="/exception"/>
    public static QuantizedModel Attach<TPreHook, TPostHook>(
        nn.HookableModule<TPreHook, TPostHook> model, IReadOnlyList<Action> forwards, long batchSize, QuantizationScheme scheme)
        where TPreHook : Delegate
        where TPostHook : Delegate
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(forwards);
        Guard.AtLeast(forwards.Count, 1, nameof(forwards));
        Guard.AtLeast(batchSize, 1, nameof(batchSize));
        return Attachment.Make(model, [.. forwards.Select(f => new ExampleRun(f, batchSize))], scheme, RootHooks.On(model));
    }

    private static ExampleRun Run(Action forward, params object?[] inputs) => new(forward, BatchSize(inputs[0]), Inputs: inputs!);

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
