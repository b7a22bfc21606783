namespace AdaQat.Allocation;

/// <summary>The cost of places on the menu.</summary>
internal interface ISearchCost
{
    /// <summary>The cost there.</summary>
    double Total(int[] at);

    /// <summary>The cost with one width at another option. The total is that of the first, which stays.</summary>
    double TotalWith(int[] at, double total, int width, int option);
}
