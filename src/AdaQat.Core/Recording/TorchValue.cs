namespace AdaQat.Recording;

/// <summary>A value of TorchScript: what one operation makes, once.</summary>
/// <param name="Name">Its name, without the percent sign.</param>
/// <param name="Type">Its type.</param>
internal sealed record TorchValue(string Name, TorchType Type);
