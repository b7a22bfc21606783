using System;
using System.IO;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class RMSProp
{
    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor square_avg;

        // These two are kept even where momentum and centring are off: a schedule may turn momentum on later.
        public Tensor momentum_buffer;
        public Tensor grad_avg;

        public State(Parameter parameter)
            : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            StateTensor.Replace(ref square_avg, StateTensor.ZerosLike(_parameter));
            StateTensor.Replace(ref momentum_buffer, StateTensor.ZerosLike(_parameter));
            StateTensor.Replace(ref grad_avg, StateTensor.ZerosLike(_parameter));
        }

        public void Dispose()
        {
            square_avg.Dispose();
            momentum_buffer?.Dispose();
            grad_avg?.Dispose();
        }

        public override void to(Device device)
        {
            StateTensor.Move(ref square_avg, device);
            StateTensor.Move(ref momentum_buffer, device);
            StateTensor.Move(ref grad_avg, device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            StateTensor.Save(writer, square_avg);
            SaveConditionalStateTensor(writer, momentum_buffer);
            SaveConditionalStateTensor(writer, grad_avg);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            StateTensor.Load(reader, ref square_avg, _parameter.device);
            LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);
            LoadConditionalStateTensor(reader, ref grad_avg, _parameter.device);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            StateTensor.Copy(ref square_avg, other.square_avg, _parameter.device);
            StateTensor.Copy(ref momentum_buffer, other.momentum_buffer, _parameter.device);
            StateTensor.Copy(ref grad_avg, other.grad_avg, _parameter.device);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state
            && step == state.step
            && StateTensor.Close(square_avg, state.square_avg)
            && StateTensor.Close(momentum_buffer, state.momentum_buffer)
            && StateTensor.Close(grad_avg, state.grad_avg);
    }
}
