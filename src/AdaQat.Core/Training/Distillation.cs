using System.Globalization;
using AdaQat.Diagnostics;
using AdaQat.Isolation;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>
/// Knowledge distillation (Hinton et al., arXiv 1503.02531): a classifier learns from a teacher's scores besides the targets,
/// L = (1 − w)·L_task + w·T²·KL(softmax(teacher/T) ‖ softmax(student/T)).
/// </summary>
/// <remarks>
/// The teacher of a quantized model is usually the float model that it was made from: another instance, with the weights of the same
/// checkpoint, since attaching changes the model it is given. T² keeps the gradient's size as T varies. In a loop of one's own:
/// <code>
/// using var taught = distillation.Teach(x);
/// var output = model.call(x);
/// var loss = distillation.Loss(criterion.call(output, y), output, taught);
/// loss.backward();
/// widths.Step(loss, () =&gt; { var again = model.call(x); return distillation.Loss(criterion.call(again, y), again, taught); });
/// </code>
/// </remarks>
public sealed class Distillation
{
    /// <summary>Learns from <paramref name="teacher"/>.</summary>
    /// <param name="teacher">A trained model on the student's device. It stays the caller's; its weights and modes are left alone.</param>
    /// <param name="temperature">T: finite, above 0; larger values soften the scores.</param>
    /// <param name="weight">w: the teacher's share of the loss, above 0, up to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside what is allowed.</exception>
    public Distillation(nn.Module<Tensor, Tensor> teacher, double temperature = 4, double weight = 0.5)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        Guard.Positive(temperature, nameof(temperature));
        Guard.Share(weight, nameof(weight));
        (Teacher, Temperature, Weight) = (teacher, temperature, weight);
    }

    /// <summary>The model that is learned from.</summary>
    public nn.Module<Tensor, Tensor> Teacher { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>w.</summary>
    public double Weight { get; }

    /// <summary>
    /// The teacher's scores for a batch, in eval mode without gradient: computed once a step, and used for the step's loss and all its
    /// probes.
    /// </summary>
    /// <param name="input">The batch that the student gets.</param>
    /// <returns>A new tensor, the caller's to dispose.</returns>
    public Tensor Teach(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var mode = new EvaluationMode(Teacher);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return Teacher.call(input).MoveToOuterDisposeScope();
    }

    /// <summary>L, differentiable with respect to <paramref name="task"/> and <paramref name="student"/>.</summary>
    /// <param name="task">L_task, a single number.</param>
    /// <param name="student">
    /// The student's scores before softmax, [batch, classes, …]; over further dimensions, as over the batch, KL is averaged.
    /// </param>
    /// <param name="teacher">What <see cref="Teach"/> returned for the same batch, of the same shape.</param>
    /// <exception cref="ArgumentException">The scores differ in shape, or have no dimension of classes.</exception>
    public Tensor Loss(Tensor task, Tensor student, Tensor teacher)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        if (student.dim() < 2 || !student.shape.AsSpan().SequenceEqual(teacher.shape))
        {
            throw new ArgumentException(
                $"The student's scores are of shape [{string.Join(", ", student.shape)}], the teacher's of "
                + $"[{string.Join(", ", teacher.shape)}]; "
                + "both must be the same [batch, classes, …].", nameof(teacher));
        }

        using var scope = NewDisposeScope();
        var target = teacher.detach().Div(Temperature).log_softmax(1);
        var learned = student.Div(Temperature).log_softmax(1);
        var divergence = (target.exp() * (target - learned)).sum(dim: 1).mean();
        return task.Mul(1 - Weight).Add(divergence.Mul(Weight * Temperature * Temperature)).MoveToOuterDisposeScope();
    }

    /// <summary>The numbers, for records; a resumed run must have the same.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"temperature {Temperature}, weight {Weight}");
}
