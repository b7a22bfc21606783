using System.Globalization;
using AdaQat.Reports.Pages;

namespace AdaQat.Reports.Bits;

/// <summary>The part of a page that shows which bits a budget pays for.</summary>
internal static class PlanSection
{
    public static PageSection Of(PrecisionPlan plan) => new BitsSection(
        "The plan: bits under the budget",
        "A column is a width; the stronger its colour, the more its bits are expected to lose. Choose one.",
        [
            new(plan.Unit.Length > 0 ? $"{plan.CostName} [{plan.Unit}]" : plan.CostName, plan.Cost),
            new("Budget", plan.Budget, plan.IsMet ? "" : ", missed"),
            new("Expected loss", plan.Loss),
            new("No choice loses less than", plan.IsExact ? plan.Loss : plan.LossBound),
        ],
        [
            .. plan.Widths.Select(w => new BitsColumn(
                w.Name, BitsColumn.NameOf(w.Target), w.Bits, Math.Max(w.Loss, 0), string.Create(
                    CultureInfo.InvariantCulture,
                    $"{string.Join(", ", w.Layers)}, {BitsColumn.NameOf(w.Target)}: {w.Bits} bits, expected to lose {w.Loss:0.####}"))),
        ],
        plan.Reason).On("plan");
}
