using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>
/// Several threads in one model: right answers without gradient and when baked, else a refusal. A barrier inside the model makes sure that
/// all of them are in it at once.
/// </summary>
public sealed class ThreadsTests : IDisposable
{
    private const int Threads = 4;

    private readonly Meeting _meeting = new();
    private readonly TorchSharp.Modules.Linear _first = nn.Linear(4, 16);
    private readonly TorchSharp.Modules.Linear _left = nn.Linear(16, 8);
    private readonly TorchSharp.Modules.Linear _right = nn.Linear(16, 8);
    private readonly Lambda _model;
    private readonly List<Tensor> _inputs;
    private readonly QuantizedModel _quantized;
    private bool _meetInLayer = true;

    /// <summary>All threads meet between the layers, and inside the first, whose hook comes behind those of attaching.</summary>
    public ThreadsTests()
    {
        manual_seed(1);
        _model = new Lambda(
            x =>
            {
                var hidden = _first.call(x).relu();
                _meeting.Wait();
                return _left.call(hidden) * _right.call(hidden);
            },
            ("first", _first), ("left", _left), ("right", _right));
        _inputs = Enumerable.Range(0, Threads).Select(i => randn(3 + i, 4)).ToList();
        _quantized = QuantizedModel.Attach(_model, _inputs[0], new QuantizationOptions { WeightBits = BitWidthChoice.Learned(3) });
        _quantized.Calibrate(_inputs);
        _first.register_forward_pre_hook((_, input) =>
        {
            if (_meetInLayer)
            {
                _meeting.Wait();
            }

            return input;
        });
        _model.eval();
    }

    [Fact]
    public void Without_gradient_each_gets_the_answer_that_it_would_have_alone()
    {
        var expected = _inputs.ConvertAll(Answer);

        var answers = TogetherWithoutGradient(Answer);

        answers.Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
    }

    [Fact]
    public void So_it_does_where_all_have_one_and_the_same_input()
    {
        var expected = Answer(_inputs[0]);

        var answers = TogetherWithoutGradient(_ => Answer(_inputs[0]));

        answers.Should().AllSatisfy(answer => answer.Should().Equal(expected));
    }

    [Fact]
    public void So_it_does_before_any_range_has_started()
    {
        using var model = new Lambda(x => _first.call(x), ("first", _first));
        _quantized.Detach();
        using var quantized = QuantizedModel.Attach(model, _inputs[0], new QuantizationOptions());
        byte[] Own(Tensor input)
        {
            using var guard = no_grad();
            using var output = model.call(input);
            return Bits.Of(output);
        }

        var expected = _inputs.ConvertAll(Own);

        var answers = TogetherWithoutGradient(Own);

        answers.Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        quantized.Layers[0].ActivationQuantizer.IsCalibrated.Should().BeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_baked_model_is_as_safe_as_one_in_float(bool withGradient)
    {
        _quantized.Bake();
        var expected = _inputs.ConvertAll(Answer);

        var answers = Together(withGradient ? Training : Answer);

        answers.Select(a => a.Answer).Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Six_hundred_answers_of_four_threads_that_do_not_wait_for_each_other_are_right(bool isBaked)
    {
        var images = Networks.Images(4).Input;
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, images, new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(3) });
        quantized.Calibrate([images]);
        model.eval();
        if (isBaked)
        {
            quantized.Bake();
        }

        var expected = Own();
        var right = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 150; i++)
            {
                if (Own().SequenceEqual(expected))
                {
                    Interlocked.Increment(ref right);
                }
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        right.Should().Be(600);

        byte[] Own()
        {
            using var guard = no_grad();
            using var output = model.call(images);
            return Bits.Of(output);
        }
    }

    [Fact]
    public void Afterwards_the_layers_have_their_latent_weights_and_nothing_is_left()
    {
        var latent = _model.named_modules().ToDictionary(m => m.name, m => (m.module as TorchSharp.Modules.Linear)?.weight!.Handle);
        TogetherWithoutGradient(Answer);

        _model.named_modules().Should().AllSatisfy(
            m => ((m.module as TorchSharp.Modules.Linear)?.weight!.Handle).Should().Be(latent[m.name]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_threads_that_train_one_is_refused_and_the_other_has_the_right_answer(bool meetInLayer)
    {
        _model.train();
        var expected = _inputs.ConvertAll(Answer);
        _meetInLayer = meetInLayer;

        var answers = Together(Training, threads: 2);

        answers.Should().ContainSingle(a => a.Failure != null).Which.Failure.Should().BeOfType<InvalidOperationException>()
            .Which.Message.Should().Match("*is trained by one thread at a time*");
        answers.Zip(expected).Where(pair => pair.First.Failure is null)
            .Should().OnlyContain(pair => pair.First.Answer!.SequenceEqual(pair.Second));
    }

    [Fact]
    public void The_second_thread_in_a_layer_that_is_trained_is_refused_by_the_layers_name()
    {
        _model.train();
        _meeting.Participants = 1;
        Exception? refusal = null;
        using var hook = new Hook(_first, () =>
        {
            refusal = InAnotherThread(() => _first.call(_inputs[1]).Dispose());
        });

        using var output = _model.call(_inputs[0]);

        refusal.Should().BeOfType<InvalidOperationException>().Which.Message.Should()
            .StartWith("Layer 'first' is used by threads ").And.Contain("with gradient");
        using var alone = _model.call(_inputs[0]);
        Bits.Of(output).Should().Equal(Bits.Of(alone), "the first thread is not disturbed");
    }

    [Fact]
    public void While_bit_widths_are_probed_another_thread_is_refused()
    {
        _meeting.Participants = 1;
        _model.train();
        var widths = new BitWidthOptimizer(_quantized, Schedules.Exact);
        Exception? refusal = null;
        using var loss = Loss();
        loss.backward();

        widths.Step(loss, () =>
        {
            refusal ??= InAnotherThread(() => Answer(_inputs[1]));
            return Loss();
        });

        refusal.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("makes a step of this model's bit-widths");
        InAnotherThread(() => Answer(_inputs[1])).Should().BeNull("the step is over");

        Tensor Loss() => _model.call(_inputs[0]).square().mean();
    }

    [Fact]
    public void A_forward_in_which_another_thread_switched_to_float_is_refused_rather_than_half_and_half()
    {
        _meeting.Participants = 1;
        IDisposable? inFloat = null;
        using var hook = new Hook(_first, () => InAnotherThread(() => inFloat ??= _quantized.InFloat()));

        _model.Invoking(_ => Answer(_inputs[0])).Should().Throw<InvalidOperationException>().WithMessage("*InFloat()*in one way and some*");

        inFloat!.Dispose();
        Answer(_inputs[0]).Should().NotBeEmpty();
    }

    [Fact]
    public void A_summary_from_another_thread_does_not_disturb_a_training_forward()
    {
        _meeting.Participants = 1;
        _model.train();
        using var alone = _model.call(_inputs[0]);
        Exception? failure = null;
        using var hook = new Hook(_first, () => failure = InAnotherThread(() => _quantized.Summary()));

        using var output = _model.call(_inputs[0]);

        failure.Should().BeNull();
        Bits.Of(output).Should().Equal(Bits.Of(alone));
    }

    [Fact]
    public void Two_threads_may_train_one_after_the_other()
    {
        _meeting.Participants = 1;
        _model.train();
        var widths = new BitWidthOptimizer(_quantized, Schedules.Exact);

        void Step()
        {
            using var loss = Loss();
            loss.backward();
            widths.Step(loss, Loss);
        }

        Step();
        InAnotherThread(Step).Should().BeNull();
        Step();

        widths.Steps.Should().Be(3);

        Tensor Loss() => _model.call(_inputs[0]).square().mean();
    }

    [Fact]
    public void A_thread_whose_forward_threw_does_not_keep_the_others_out()
    {
        _meeting.Participants = 1;
        _model.train();
        var failing = InAnotherThread(() =>
        {
            using var hook = new Hook(_first, () => throw new NotFiniteNumberException());
            _model.call(_inputs[1]).Dispose();
        });
        failing.Should().BeOfType<NotFiniteNumberException>();

        using var output = _model.call(_inputs[0]);

        using var alone = _model.call(_inputs[0]);
        Bits.Of(output).Should().Equal(Bits.Of(alone));
    }

    [Fact]
    public void Nor_does_one_that_lives_on()
    {
        _meeting.Participants = 1;
        _model.train();
        using var thrown = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            FailingForward();
            thrown.Set();
            done.Wait();
        });
        thread.Start();
        thrown.Wait();

        using var output = _model.call(_inputs[0]);

        done.Set();
        thread.Join();
        using var alone = _model.call(_inputs[0]);
        Bits.Of(output).Should().Equal(Bits.Of(alone));

        void FailingForward()
        {
            using var hook = new Hook(_first, () => throw new NotFiniteNumberException());
            FluentActions.Invoking(() => _model.call(_inputs[1])).Should().Throw<NotFiniteNumberException>();
        }
    }

    public void Dispose()
    {
        _quantized.Dispose();
        _model.Dispose();
        _inputs.ForEach(i => i.Dispose());
    }

    private static Exception? InAnotherThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        });
        thread.Start();
        thread.Join();
        return failure;
    }

    private byte[] Answer(Tensor input)
    {
        using var guard = no_grad();
        using var output = _model.call(input);
        return Bits.Of(output);
    }

    private byte[] Training(Tensor input)
    {
        using var output = _model.call(input);
        return Bits.Of(output);
    }

    private List<byte[]> TogetherWithoutGradient(Func<Tensor, byte[]> answer)
    {
        var answers = Together(answer);
        answers.Should().OnlyContain(a => a.Failure == null);
        return answers.ConvertAll(a => a.Answer!);
    }

    /// <summary>Runs a thread for each input; all are in the model at once. One that is refused does not keep the others waiting.</summary>
    private List<(byte[]? Answer, Exception? Failure)> Together(Func<Tensor, byte[]> answer, int threads = Threads)
    {
        _meeting.Participants = threads;
        var answers = new (byte[]? Answer, Exception? Failure)[threads];
        var running = Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            try
            {
                answers[i].Answer = answer(_inputs[i]);
            }
            catch (Exception failure)
            {
                answers[i].Failure = failure;
                _meeting.Leave();
            }
        })).ToList();
        running.ForEach(t => t.Start());
        running.ForEach(t => t.Join());
        _meeting.Participants = 1;
        return [.. answers];
    }

    /// <summary>Where all participants wait for each other.</summary>
    private sealed class Meeting
    {
        private readonly Barrier _barrier = new(1);

        public int Participants
        {
            set
            {
                if (value > _barrier.ParticipantCount)
                {
                    _barrier.AddParticipants(value - _barrier.ParticipantCount);
                }
                else if (value < _barrier.ParticipantCount)
                {
                    _barrier.RemoveParticipants(_barrier.ParticipantCount - value);
                }
            }
        }

        public void Wait() => _barrier.SignalAndWait();

        public void Leave() => _barrier.RemoveParticipant();
    }

    /// <summary>Does something inside a layer's call, behind the hooks of attaching, for its own life.</summary>
    private sealed class Hook : IDisposable
    {
        private readonly Action _remove;

        public Hook(TorchSharp.Modules.Linear layer, Action action)
        {
            var hook = layer.register_forward_pre_hook((_, input) =>
            {
                action();
                return input;
            });
            _remove = hook.remove;
        }

        public void Dispose() => _remove();
    }
}
