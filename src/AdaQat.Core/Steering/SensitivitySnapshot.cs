namespace AdaQat.Steering;

/// <summary>The sums of the least-squares fit of κ in L(n − 1) − L(n) ≈ κ·x, x = 3·4^−n, to a width's measured differences, the older the less.</summary>
/// <param name="Covariance">Σ difference·x.</param>
/// <param name="Variance">Σ x².</param>
/// <param name="Squares">Σ difference².</param>
/// <param name="Count">How many differences they are, the older the less.</param>
public sealed record SensitivitySnapshot(double Covariance, double Variance, double Squares, double Count);
