namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>An optimizer or parameter group whose momentum a schedule can set.</summary>
        public interface IMomentum
        {
            double Momentum { get; set; }
        }
    }
}
