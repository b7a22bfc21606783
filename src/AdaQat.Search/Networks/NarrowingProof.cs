using AdaQat.Search.Spaces;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// Proves, before a search begins, that the network computes with a part of its channels what the builder's own network of that size
/// computes: what nobody could tell from its graph alone, such as channels that are put in another order, is noticed here.
/// </summary>
internal static class NarrowingProof
{
    private const int Tries = 3;
    private const long Stream = 20;

    /// <exception cref="ArgumentException">It does not, or the scheme learns widths or has a state for each channel.</exception>
    public static void Run(
        SearchSpace space, IReadOnlyList<IReadOnlyList<int>> candidates, Tensor example, QuantizationScheme? scheme)
    {
        using var random = new KeptRandom();
        using var noGradient = no_grad();
        using var network = new SearchNetwork(space, candidates, example, scheme: null);
        network.Model.eval();
        Vary(network);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var keyed = new KeyedRandom(Stream, attempt);
            // The first with the fewest channels, the others with widths that have nothing in common.
            Compare(space, network, [.. candidates.Select(c => attempt == 0 ? 0 : keyed.NextInt32(c.Count))], example);
        }

        if (scheme is not null)
        {
            CompareQuantized(space, candidates, example, scheme);
        }
    }

    private static void Compare(SearchSpace space, SearchNetwork network, int[] chosen, Tensor example)
    {
        using var scope = NewDisposeScope();
        var (masked, derived) = (Masked(network, chosen, example), Derived(space, network, chosen, example));
        var scale = derived.abs().max().item<float>();
        if (!derived.shape.AsSpan().SequenceEqual(masked.shape)
            || (derived - masked).abs().max().item<float>() > 1e-4f * Math.Max(scale, 1e-3f))
        {
            throw new ArgumentException(
                $"With {Described(space, network, chosen)} the network computes something else than the builder's own network of that "
                + "size: it computes with a number of channels that it noted when it was built, or channels are not in one order from "
                + "layer to layer, as behind a shuffle or a normalisation over channels. Read such numbers off the tensors, and give such "
                + "layers fixed numbers in place of names.");
        }
    }

    private static Tensor Masked(SearchNetwork network, int[] chosen, Tensor example)
    {
        network.Choose(chosen);
        try
        {
            return network.Model.call(example);
        }
        catch (Exception fault)
        {
            throw new ArgumentException(
                $"The network cannot compute with a part of its channels, with {Described(network.Space, network, chosen)}: "
                + $"{fault.Message.Split('\n')[0].TrimEnd('.')}. Its forward must not rely on numbers of channels that were noted when it "
                + "was built, and has to reach its layers by call(), not by forward().",
                fault);
        }
    }

    private static Tensor Derived(SearchSpace space, SearchNetwork network, int[] chosen, Tensor example)
    {
        using var model = Narrow(space, network.Widths.Candidates, chosen);
        try
        {
            WeightSlices.Derive(network, chosen, model);
            model.eval();
            return model.call(example);
        }
        catch (Exception fault)
        {
            throw new ArgumentException(
                $"The builder's own network fails with {Described(space, network, chosen)}: {fault.Message.Split('\n')[0]}", fault);
        }
    }

    /// <summary>Whether quantizers have the same state in a narrower network.</summary>
    private static void CompareQuantized(
        SearchSpace space, IReadOnlyList<IReadOnlyList<int>> candidates, Tensor example, QuantizationScheme scheme)
    {
        using var network = new SearchNetwork(space, candidates, example, scheme);
        if (network.Quantized!.Widths.Count > 0)
        {
            throw new ArgumentException(
                "Scheme learns bit-widths; a search of channels needs fixed ones, as BitWidthChoice.Fixed(2) for weights and activations.");
        }

        int[] narrowest = [.. candidates.Select(_ => 0)];
        using var model = Narrow(space, candidates, narrowest);
        using var quantized = QuantizedModel.Attach(model, example, scheme);
        WeightSlices.Derive(network, narrowest, model);
    }

    private static nn.Module<Tensor, Tensor> Narrow(SearchSpace space, IReadOnlyList<IReadOnlyList<int>> candidates, int[] chosen) =>
        space.Build([.. candidates.Zip(chosen, (numbers, choice) => numbers[choice])]);

    /// <summary>Batch normalisations begin alike in all channels, which would hide a wrong order.</summary>
    private static void Vary(SearchNetwork network)
    {
        foreach (var parameter in network.parameters().Where(p => p.dim() == 1 && p.dtype == ScalarType.Float32))
        {
            using var noise = rand_like(parameter);
            parameter.AddInPlace(noise);
        }
    }

    private static string Described(SearchSpace space, SearchNetwork network, int[] chosen) => string.Join(", ", space.Groups.Select(
        (group, place) => FormattableString.Invariant($"{group.Name} {network.Widths.Candidates[place][chosen[place]]}")));
}
