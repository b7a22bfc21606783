using AdaQat.Studies.AfterTraining;
using AdaQat.Studies.Channels;
using AdaQat.Studies.ChannelSettings;
using AdaQat.Studies.CommandLine;
using AdaQat.Studies.Compiling;
using AdaQat.Studies.Deploying;
using AdaQat.Studies.OnCuda;
using AdaQat.Studies.ProbeError;
using AdaQat.Studies.Sensitivity;
using AdaQat.Studies.Training;
using Samples.CommandLine;

return Faults.Guard(Console.Error, () => new StudyCommand(
    ProbeErrorCommand.Create(ProbeErrorStudy.Execute),
    TrainCommand.Create(TrainStudy.Execute),
    SensitivityCommand.Create(SensitivityStudy.Execute),
    PostTrainingCommand.Create(PostTrainingStudy.Execute),
    ChannelsCommand.Create(ChannelComparison.Execute),
    OnnxCommand.Create(OnnxStudy.Execute),
    ChannelSettingsCommand.Create(SettingsStudy.Execute),
    OnCudaCommand.Create(OnCudaStudy.Execute),
    IntegersCommand.Create(IntegersStudy.Execute)).Invoke(args, Console.Out, Console.Error));
