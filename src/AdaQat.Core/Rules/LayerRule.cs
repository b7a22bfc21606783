using System.Runtime.CompilerServices;
using AdaQat.Rules;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Which layers are quantized in a way of their own, and how: <c>LayerRule.Named("head.*").With(weights: BitWidthChoice.Fixed(4))</c>.
/// </summary>
/// <remarks>
/// Of a scheme's rules the first that matches a layer is the one that applies. What a rule leaves open is as the scheme says: a rule
/// that says nothing exempts its layers from the rules after it.
/// </remarks>
public sealed record LayerRule
{
    private readonly Func<LayerFacts, bool> _matches;

    private LayerRule(string name, Func<LayerFacts, bool> matches) => (Name, _matches) = (name, matches);

    /// <summary>The first layer that the model calls.</summary>
    public static LayerRule First { get; } = new("first layer", layer => layer.IsFirst);

    /// <summary>The last layer that the model calls.</summary>
    public static LayerRule Last { get; } = new("last layer", layer => layer.IsLast);

    /// <summary>What the rule matches, in words, for tables and errors.</summary>
    public string Name { get; private init; }

    /// <summary>The width of the layers' weights; null leaves it to the scheme.</summary>
    public BitWidthChoice? WeightBits { get; init; }

    /// <summary>
    /// The width of the layers' inputs; null leaves it to the scheme. An input that several layers read is quantized once, as the
    /// first rule in the list says that matches one of them.
    /// </summary>
    public BitWidthChoice? ActivationBits { get; init; }

    /// <summary>The family that quantizes the layers' weights; null leaves it to the scheme.</summary>
    public QuantizerOptions? Weights { get; init; }

    /// <summary>The family that quantizes the layers' inputs; null leaves it to the scheme.</summary>
    public QuantizerOptions? Activations { get; init; }

    /// <summary>
    /// How the gradients of the layers' outputs are quantized; <see cref="GradientOptions.None"/> leaves them as they are, null leaves it
    /// to the scheme.
    /// </summary>
    public GradientOptions? Gradients { get; init; }

    /// <summary>Layers by name, as <c>named_modules</c> has it.</summary>
    /// <param name="pattern"><c>*</c> stands for any characters, dots included, <c>?</c> for one; <c>|</c> separates alternatives.</param>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is empty or has an empty alternative.</exception>
    public static LayerRule Named(string pattern)
    {
        var names = new NamePattern(pattern, nameof(pattern));
        return new LayerRule(pattern, layer => names.Matches(layer.Name));
    }

    /// <summary>Layers of a type, such as <c>Linear</c>, or of one derived from it.</summary>
    /// <typeparam name="TModule">The type.</typeparam>
    public static LayerRule OfType<TModule>()
        where TModule : nn.Module
        => new($"type {typeof(TModule).Name}", layer => layer.Module is TModule);

    /// <summary>Layers that meet a condition, as in <c>Where(layer => layer.WeightCount &lt; 1000)</c>.</summary>
    /// <param name="condition">Says whether the rule matches a layer.</param>
    /// <param name="name">The condition in words; by default as it is written in the code.</param>
    public static LayerRule Where(Func<LayerFacts, bool> condition, [CallerArgumentExpression(nameof(condition))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new LayerRule(name, condition);
    }

    /// <summary>The same layers, with these widths; null leaves one as it was.</summary>
    /// <param name="weights">The width of weights.</param>
    /// <param name="activations">The width of inputs.</param>
#pragma warning disable RS0026 // See below.
    public LayerRule With(BitWidthChoice? weights = null, BitWidthChoice? activations = null) =>
        this with { WeightBits = weights ?? WeightBits, ActivationBits = activations ?? ActivationBits };
#pragma warning restore RS0026

    /// <summary>The same layers, with quantizers of these families; null leaves one as it was.</summary>
    /// <param name="weights">Makes the quantizers of weights.</param>
    /// <param name="activations">Makes the quantizers of inputs.</param>
#pragma warning disable RS0026 // Widths and families are never mistaken for one another, and the two calls are to read alike.
    public LayerRule With(QuantizerOptions? weights = null, QuantizerOptions? activations = null) =>
        this with { Weights = weights ?? Weights, Activations = activations ?? Activations };
#pragma warning restore RS0026

    /// <summary>The same layers, with their outputs' gradients quantized so.</summary>
    /// <param name="gradients">How; <see cref="GradientOptions.None"/> leaves them as they are.</param>
    public LayerRule With(GradientOptions gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        return this with { Gradients = gradients };
    }

    /// <summary>The same layers, with both widths fixed.</summary>
    /// <param name="bits">1 to <see cref="BitWidth.MaximumBits"/>.</param>
    public LayerRule Fixed(int bits) => With(BitWidthChoice.Fixed(bits), BitWidthChoice.Fixed(bits));

    /// <summary>The same layers, not quantized.</summary>
    public LayerRule InFloat() => With(BitWidthChoice.Unquantized, BitWidthChoice.Unquantized);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal bool Matches(LayerFacts layer) => _matches(layer);

    internal void Validate()
    {
        Weights?.Validate();
        Activations?.Validate();
        Gradients?.Validate();
        RequireUse(Weights, WeightBits, nameof(Weights));
        RequireUse(Activations, ActivationBits, nameof(Activations));
        if (Gradients is not null && Gradients != GradientOptions.None
            && WeightBits == BitWidthChoice.Unquantized && ActivationBits == BitWidthChoice.Unquantized)
        {
            throw new ArgumentException(
                $"Rule '{Name}' has {Gradients.GetType().Name} for its {nameof(Gradients)}, but leaves its layers in float; choose one.",
                nameof(Gradients));
        }
    }

    private void RequireUse(QuantizerOptions? quantizer, BitWidthChoice? bits, string option)
    {
        if (quantizer is not null && bits == BitWidthChoice.Unquantized)
        {
            throw new ArgumentException(
                $"Rule '{Name}' has {quantizer.GetType().Name} for its {option}, but leaves them in float; choose one.", option);
        }
    }
}
