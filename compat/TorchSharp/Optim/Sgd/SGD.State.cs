using System;
using System.IO;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class SGD
{
    public sealed class State : OptimizerState, IDisposable
    {
        /// <summary>Null until the first step with momentum.</summary>
        public Tensor momentum_buffer;

        public State(Parameter parameter)
            : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options) => StateTensor.Replace(ref momentum_buffer, null);

        public void Dispose() => momentum_buffer?.Dispose();

        public override void to(Device device) => StateTensor.Move(ref momentum_buffer, device);

        public override void SaveStateDict(BinaryWriter writer) => SaveConditionalStateTensor(writer, momentum_buffer);

        public override void LoadStateDict(BinaryReader reader) =>
            LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);

        public override void LoadStateDict(OptimizerState source) =>
            StateTensor.Copy(ref momentum_buffer, ((State)source).momentum_buffer, _parameter.device);

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && StateTensor.Close(momentum_buffer, state.momentum_buffer);
    }
}
