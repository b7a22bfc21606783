using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Losses of classifiers.
        public static partial class functional
        {
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0)
                => Aten.CrossEntropyLoss.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor weight = null, Reduction reduction = Reduction.Mean)
                => Aten.NllLossNd.Call(input, target, weight, (long)reduction, -100);

            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor weight = null,
                Reduction reduction = Reduction.Mean)
                => Aten.BinaryCrossEntropy.Call(input, SameShape(target, input), weight, (long)reduction);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor weight = null,
                Reduction reduction = Reduction.Mean, Tensor pos_weights = null)
                => Aten.BinaryCrossEntropyWithLogits.Call(input, SameShape(target, input), weight, pos_weights, (long)reduction);

            public static Tensor multi_margin_loss(Tensor input, Tensor target, int p = 1, double margin = 1, Tensor weight = null,
                Reduction reduction = Reduction.Mean)
                => Aten.MultiMarginLoss.Call(input, target, p, margin, weight, (long)reduction);

            public static Tensor multi_label_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => Aten.MultilabelMarginLoss.Call(input, target, (long)reduction);

            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => Aten.SoftMarginLoss.Call(input, target, (long)reduction);

            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean)
                => Aten.KlDiv.Call(input, target, (long)reduction, log_target);

            public static Tensor ctc_loss(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, long blank = 0,
                bool zero_infinity = false, Reduction reduction = Reduction.Mean)
                => Aten.CtcLossTensor.Call(log_probs, targets, input_lengths, target_lengths, blank, (long)reduction, zero_infinity);

            public static Tensor multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor weight = null,
                Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                var loss = target.mul(input.log_sigmoid()).add(target.neg().add(1).mul(input.neg().log_sigmoid())).neg();
                if (weight is not null) loss = loss.mul(weight);
                return Reduced(loss.mean(new[] { -1L }), reduction).MoveToOuterDisposeScope();
            }

            private static Tensor Reduced(Tensor loss, Reduction reduction) => reduction switch
            {
                Reduction.Mean => loss.mean(),
                Reduction.Sum => loss.sum(),
                _ => loss.alias(),
            };

            // torch would broadcast here and hide a mistake.
            private static Tensor SameShape(Tensor target, Tensor input)
            {
                var (given, wanted) = (target.shape, input.shape);
                if (given.AsSpan().SequenceEqual(wanted)) return target;
                throw new ExternalException(
                    $"The target's size ({string.Join(", ", given)}) must be the input's size ({string.Join(", ", wanted)}).");
            }
        }
    }
}

file static class Aten
{
    internal static readonly Op BinaryCrossEntropy = new("aten::binary_cross_entropy");
    internal static readonly Op BinaryCrossEntropyWithLogits = new("aten::binary_cross_entropy_with_logits");
    internal static readonly Op CrossEntropyLoss = new("aten::cross_entropy_loss");
    internal static readonly Op CtcLossTensor = new("aten::ctc_loss", "Tensor");
    internal static readonly Op KlDiv = new("aten::kl_div");
    internal static readonly Op MultiMarginLoss = new("aten::multi_margin_loss");
    internal static readonly Op MultilabelMarginLoss = new("aten::multilabel_margin_loss");
    internal static readonly Op NllLossNd = new("aten::nll_loss_nd");
    internal static readonly Op SoftMarginLoss = new("aten::soft_margin_loss");
}
