using System;
using System.IO;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class AdamW
{
    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor exp_avg;
        public Tensor exp_avg_sq;

        /// <summary>The largest second moment so far; null without AMSGrad.</summary>
        public Tensor max_exp_avg_sq;

        public State(Parameter parameter)
            : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            StateTensor.Replace(ref exp_avg, StateTensor.ZerosLike(_parameter));
            StateTensor.Replace(ref exp_avg_sq, StateTensor.ZerosLike(_parameter));
            var amsgrad = ((Options)options).amsgrad.Value;
            StateTensor.Replace(ref max_exp_avg_sq, amsgrad ? StateTensor.ZerosLike(_parameter) : null);
        }

        public void Dispose()
        {
            exp_avg.Dispose();
            exp_avg_sq.Dispose();
            max_exp_avg_sq?.Dispose();
        }

        public override void to(Device device)
        {
            StateTensor.Move(ref exp_avg, device);
            StateTensor.Move(ref exp_avg_sq, device);
            StateTensor.Move(ref max_exp_avg_sq, device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            StateTensor.Save(writer, exp_avg);
            StateTensor.Save(writer, exp_avg_sq);
            SaveConditionalStateTensor(writer, max_exp_avg_sq);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            StateTensor.Load(reader, ref exp_avg, _parameter.device);
            StateTensor.Load(reader, ref exp_avg_sq, _parameter.device);
            LoadConditionalStateTensor(reader, ref max_exp_avg_sq, _parameter.device);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            StateTensor.Copy(ref exp_avg, other.exp_avg, _parameter.device);
            StateTensor.Copy(ref exp_avg_sq, other.exp_avg_sq, _parameter.device);
            StateTensor.Copy(ref max_exp_avg_sq, other.max_exp_avg_sq, _parameter.device);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state
            && step == state.step
            && StateTensor.Close(exp_avg, state.exp_avg)
            && StateTensor.Close(exp_avg_sq, state.exp_avg_sq)
            && StateTensor.Close(max_exp_avg_sq, state.max_exp_avg_sq);
    }
}
