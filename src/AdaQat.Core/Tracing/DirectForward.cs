using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tracing;

/// <summary>
/// Finds layers that a model computes with past their hooks, through <c>forward</c> or with their weight itself: their weights are taken
/// out, and the model runs again. What fails then computes without being called.
/// </summary>
internal static class DirectForward
{
    /// <summary>The layers that the model computes with past their hooks.</summary>
    /// <param name="called">Those that it calls.</param>
    /// <param name="notCalled">Those that it does not call.</param>
    /// <param name="run">Runs it.</param>
    public static IReadOnlyList<DirectUse> Find(
        IReadOnlyList<TracedLayer> called, IReadOnlyList<TracedLayer> notCalled, Action run) =>
        [.. NeverCalled(notCalled, run), .. PartlyCalled(called, run)];

    private static IEnumerable<DirectUse> NeverCalled(IReadOnlyList<TracedLayer> notCalled, Action run) =>
        from layer in notCalled
        let failure = FailureWithout([layer.Layer], run)
        where failure is not null
        select new DirectUse(layer, WayOf(layer.Layer, failure, run), IsCalledToo: false, failure);

    /// <summary>
    /// Layers that are called in one place and reached directly in another, where they would stay in float unnoticed.
    /// </summary>
    private static IEnumerable<DirectUse> PartlyCalled(IReadOnlyList<TracedLayer> called, Action run)
    {
        if (FailureWithout(called.Select(layer => layer.Layer).ToList(), run) is null)
        {
            yield break;
        }

        foreach (var layer in called)
        {
            // A model may also take a layer's weight for a computation of its own, as a tied decoder does: that is no call of the layer.
            if (FailureWithout([layer.Layer], run) is { } failure && WayOf(layer.Layer, failure, run) is not DirectWay.Weight and var way)
            {
                yield return new DirectUse(layer, way, IsCalledToo: true, failure);
            }
        }
    }

    /// <summary>
    /// What <paramref name="run"/> throws where the layers have a weight during their calls only; null where it needs no more.
    /// </summary>
    private static Exception? FailureWithout(IReadOnlyList<QuantizableLayer> layers, Action run)
    {
        using var empty = new Parameter(zeros(0), requires_grad: false);
        var removeHooks = layers.Select(layer => Lend(layer, empty)).ToList();
        try
        {
            run();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
        finally
        {
            removeHooks.ForEach(remove => remove());
            foreach (var layer in layers)
            {
                layer.Field = layer.LatentWeight;
            }
        }
    }

    private static Action Lend(QuantizableLayer layer, Parameter empty)
    {
        layer.Field = empty;
        var before = layer.Module.register_forward_pre_hook((_, input) =>
        {
            layer.Field = layer.LatentWeight;
            return input;
        });
        var after = layer.Module.register_forward_hook((_, _, output) =>
        {
            layer.Field = empty;
            return output;
        });
        return () =>
        {
            before.remove();
            after.remove();
        };
    }

    /// <summary>By which way a model came to the layer whose missing weight made it fail.</summary>
    private static DirectWay WayOf(QuantizableLayer layer, Exception failure, Action run)
    {
        var isForward = new StackTrace(failure).GetFrames().Any(frame => frame.GetMethod() is { Name: "forward", DeclaringType: { } type }
            && (type.IsAssignableTo(typeof(Convolution)) || type.IsAssignableTo(typeof(Linear))));
        return !isForward ? DirectWay.Weight
            : layer.Module is ConvolutionTranspose transposed && !NeedsPadding(transposed, run) ? DirectWay.ForwardWithSize
            : DirectWay.Forward;
    }

    /// <summary>Whether the layer reads its own output padding, which it does where it is given no output size.</summary>
    private static bool NeedsPadding(ConvolutionTranspose layer, Action run)
    {
        var padding = layer.output_padding;
        layer.output_padding = [];
        try
        {
            run();
            return false;
        }
        catch (IndexOutOfRangeException)
        {
            return true;
        }
        finally
        {
            layer.output_padding = padding;
        }
    }
}
