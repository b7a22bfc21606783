namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Something with a learning rate that a schedule can set: a parameter group.</summary>
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            /// <summary>The rate at which the group started: what closed-form schedules scale.</summary>
            double InitialLearningRate { get; set; }
        }
    }
}
