using AdaQat.Reports.Pages;

namespace AdaQat.Reports.Planning;

/// <summary>The part of a page that shows which bits a budget pays for.</summary>
internal static class PlanSection
{
    public static PageSection Of(PrecisionPlan plan) => new("plan", Data(plan), "plan.js");

    private static object Data(PrecisionPlan plan) => new
    {
        plan.CostName,
        plan.Unit,
        plan.Budget,
        plan.Cost,
        plan.Loss,
        plan.LossBound,
        plan.IsExact,
        plan.IsMet,
        plan.Reason,
        Widths = plan.Widths.Select(w => new
        {
            w.Name,
            Target = w.Target == QuantizerTarget.Weight ? "weights" : "activations",
            w.Layers,
            w.Bits,
            w.Loss,
        }),
    };
}
