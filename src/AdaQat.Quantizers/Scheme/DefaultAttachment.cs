using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>Attaching without options: as <see cref="QuantizationOptions"/> has them.</summary>
public static class DefaultAttachment
{
    extension(QuantizedModel)
    {
        /// <summary>Quantizes the layers that <paramref name="model"/> calls on <paramref name="exampleInput"/>, by the defaults.</summary>
        /// <typeparam name="T">What the model takes: a tensor, or a tuple, list or dictionary of tensors.</typeparam>
        /// <typeparam name="TResult">What it returns: anything.</typeparam>
        /// <param name="model">Any model, in any mode, on any device.</param>
        /// <param name="exampleInput">An input as the model takes it, with its batch dimension.</param>
        /// <returns>The handle to widths, costs and summary. Disposing it detaches.</returns>
        /// <inheritdoc cref="QuantizedModel.Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)" path="/exception"/>
        public static QuantizedModel Attach<T, TResult>(nn.Module<T, TResult> model, T exampleInput) =>
            QuantizedModel.Attach(model, exampleInput, new QuantizationOptions());

        /// <summary>Quantizes the layers that a model of two inputs calls, by the defaults.</summary>
        /// <typeparam name="T1">What the model takes first.</typeparam>
        /// <typeparam name="T2">What it takes second.</typeparam>
        /// <typeparam name="TResult">What it returns.</typeparam>
        /// <param name="model">Any model of two inputs.</param>
        /// <param name="first">The first input, with its batch dimension.</param>
        /// <param name="second">The second input.</param>
        public static QuantizedModel Attach<T1, T2, TResult>(nn.Module<T1, T2, TResult> model, T1 first, T2 second) =>
            QuantizedModel.Attach(model, first, second, new QuantizationOptions());

        /// <summary>Quantizes the layers that a model of three inputs calls, by the defaults.</summary>
        /// <typeparam name="T1">What the model takes first.</typeparam>
        /// <typeparam name="T2">What it takes second.</typeparam>
        /// <typeparam name="T3">What it takes third.</typeparam>
        /// <typeparam name="TResult">What it returns.</typeparam>
        /// <param name="model">Any model of three inputs.</param>
        /// <param name="first">The first input, with its batch dimension.</param>
        /// <param name="second">The second input.</param>
        /// <param name="third">The third input.</param>
        public static QuantizedModel Attach<T1, T2, T3, TResult>(nn.Module<T1, T2, T3, TResult> model, T1 first, T2 second, T3 third) =>
            QuantizedModel.Attach(model, first, second, third, new QuantizationOptions());

        /// <summary>Quantizes the layers that a model of four inputs calls, by the defaults.</summary>
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
        public static QuantizedModel Attach<T1, T2, T3, T4, TResult>(
            nn.Module<T1, T2, T3, T4, TResult> model, T1 first, T2 second, T3 third, T4 fourth) =>
            QuantizedModel.Attach(model, first, second, third, fourth, new QuantizationOptions());

        /// <summary>Quantizes the layers that a model of five inputs calls, by the defaults.</summary>
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
        public static QuantizedModel Attach<T1, T2, T3, T4, T5, TResult>(
            nn.Module<T1, T2, T3, T4, T5, TResult> model, T1 first, T2 second, T3 third, T4 fourth, T5 fifth) =>
            QuantizedModel.Attach(model, first, second, third, fourth, fifth, new QuantizationOptions());

        /// <summary>Quantizes the layers that a model of six inputs calls, by the defaults.</summary>
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
        public static QuantizedModel Attach<T1, T2, T3, T4, T5, T6, TResult>(
            nn.Module<T1, T2, T3, T4, T5, T6, TResult> model, T1 first, T2 second, T3 third, T4 fourth, T5 fifth, T6 sixth) =>
            QuantizedModel.Attach(model, first, second, third, fourth, fifth, sixth, new QuantizationOptions());

        /// <summary>Quantizes the layers that a model calls on any of several examples, by the defaults.</summary>
        /// <typeparam name="T">What the model takes: a tensor, or a tuple, list or dictionary of tensors.</typeparam>
        /// <typeparam name="TResult">What it returns: anything.</typeparam>
        /// <param name="model">Any model, in any mode, on any device.</param>
        /// <param name="exampleInputs">At least one input, as the model takes it, with its batch dimension.</param>
        public static QuantizedModel Attach<T, TResult>(nn.Module<T, TResult> model, IReadOnlyList<T> exampleInputs) =>
            QuantizedModel.Attach(model, exampleInputs, new QuantizationOptions());
    }
}
