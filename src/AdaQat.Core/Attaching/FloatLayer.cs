using AdaQat.Summaries;

namespace AdaQat.Attaching;

/// <summary>A layer that is left as it is.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Kind">Its type.</param>
/// <param name="WeightShape">The shape of its weight; empty where it has several.</param>
/// <param name="ParameterCount">Elements of its weights.</param>
/// <param name="Profile">What it costs, where the run on the example input measured it.</param>
/// <param name="Rule">The rule that says so, or null.</param>
/// <param name="Reason">Why, in a word or two.</param>
internal sealed record FloatLayer(
    string Name, string Kind, IReadOnlyList<long> WeightShape, long ParameterCount, LayerProfile? Profile, string? Rule, string Reason)
{
    public LayerSummary Summary() => LayerSummary.InFloat(Name, Kind, WeightShape, ParameterCount, Profile?.Macs ?? 0, Reason, Rule);
}
