using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tracing;

/// <summary>
/// Finds layers that a model computes with through <c>forward</c>, which runs no hooks: their weights are taken out, and the model runs
/// again. What fails then computes without being called.
/// </summary>
internal static class DirectForward
{
    /// <summary>Refuses layers that no call reached but that the model computes with all the same.</summary>
    /// <exception cref="InvalidOperationException">There is one; the message names it.</exception>
    public static void RefuseNeverCalled(IReadOnlyList<QuantizableLayer> notCalled, Action run)
    {
        foreach (var layer in notCalled)
        {
            if (FailureWithout([layer], run) is { } failure)
            {
                throw Refusal(layer, "is reached", failure);
            }
        }
    }

    /// <summary>
    /// Refuses layers that are called in one place and reached directly in another, where they would stay in float unnoticed.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is one; the message names it.</exception>
    public static void RefusePartlyCalled(IReadOnlyList<QuantizableLayer> called, Action run)
    {
        if (FailureWithout(called, run) is null)
        {
            return;
        }

        foreach (var layer in called)
        {
            // A model may also take a layer's weight for a computation of its own, as a tied decoder does: that is no call of the layer.
            if (FailureWithout([layer], run) is { } failure && IsFromForward(failure))
            {
                throw Refusal(layer, "is called in one place, and in another reached", failure);
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

    private static bool IsFromForward(Exception failure) => new StackTrace(failure).GetFrames().Any(frame =>
        frame.GetMethod() is { Name: "forward", DeclaringType: { } type }
            && (type.IsAssignableTo(typeof(Convolution)) || type.IsAssignableTo(typeof(Linear))));

    private static InvalidOperationException Refusal(QuantizableLayer layer, string how, Exception failure) => new(
        $"Layer '{layer.Name}' {how} through forward(), which runs no hooks; use call() there, so that it can be quantized.", failure);
}
