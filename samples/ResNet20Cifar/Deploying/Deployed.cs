using System.Globalization;
using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Runtime;
using AdaQat.Training;
using static TorchSharp.torch;

namespace ResNet20Cifar.Deploying;

/// <summary>What ONNX Runtime says of test images with a file that was written, beside what the integer network says.</summary>
/// <param name="Images">How many images.</param>
/// <param name="Right">How many ONNX Runtime classifies rightly.</param>
/// <param name="Same">How many it classifies as the integer network does; null without one.</param>
public sealed record Deployed(long Images, long Right, long? Same)
{
    /// <summary>Has both programs classify test images.</summary>
    /// <param name="file">The ONNX file.</param>
    /// <param name="integers">The integer network of the same model, which takes floats; null for none.</param>
    /// <param name="test">The images.</param>
    public static Deployed Compare(OnnxFile file, IntegerModel? integers, IBatchSource<Batch> test)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(test);
        using var program = new OnnxProgram(file.Path);
        var (images, right, same) = (0L, 0L, 0L);
        foreach (var batch in test.Epoch(0, 0))
        {
            using var scope = NewDisposeScope();
            using var owned = batch;
            var numbers = batch.Input.cpu().contiguous().data<float>().ToArray();
            var scores = program.Run(GraphTensor.Of(new Shape(batch.Input.shape), numbers), [program.Outputs[0]])[program.Outputs[0]];
            var theirs = Best(scores.ToFloat32(), (int)scores.Shape[0]);
            var labels = batch.Target.cpu().data<long>().ToArray();
            images += labels.Length;
            right += theirs.Zip(labels).Count(pair => pair.First == pair.Second);
            if (integers is not null)
            {
                var made = new float[scores.Shape.ElementCount];
                integers.Run(numbers, made);
                same += theirs.Zip(Best(made, labels.Length)).Count(pair => pair.First == pair.Second);
            }
        }

        return new(images, right, integers is null ? null : same);
    }

    /// <summary>A sentence.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"model.onnx in ONNX Runtime: {Right:N0} of {Images:N0} test images right")
        + (Same is { } same ? string.Create(CultureInfo.InvariantCulture, $"; {same:N0} classified as model.adaq does") : "");

    /// <summary>The class of each image.</summary>
    public static int[] Best(float[] scores, int images)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var classes = scores.Length / images;
        return [.. Enumerable.Range(0, images).Select(image =>
        {
            var own = scores.AsSpan(image * classes, classes);
            var best = 0;
            for (var i = 1; i < classes; i++)
            {
                best = own[i] > own[best] ? i : best;
            }

            return best;
        })];
    }
}
