using AdaQat.Isolation;
using static TorchSharp.torch;

namespace AdaQat.Tests.Isolation;

/// <summary>A generator that can be seeded but not read repeats its numbers from where it was seeded.</summary>
public sealed class SeededRandomTests : IDisposable
{
    private readonly SeedOnlyDevice _device = new(7);
    private readonly IRandomSource _source;

    public SeededRandomTests() => _source = _device.Source();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void From_a_mark_on_its_numbers_repeat()
    {
        using var mark = _source.Mark();
        var (first, second) = (_device.Draw(), _device.Draw());
        using var later = _source.Mark();
        var third = _device.Draw();

        _source.Repeat(mark);

        (_device.Draw(), _device.Draw()).Should().Be((first, second));
        third.Should().NotBe(first);
    }

    [Fact]
    public void Repeating_does_not_make_the_next_mark_one_that_was_there_before()
    {
        using var first = _source.Mark();
        using var second = _source.Mark();
        var after = _device.Draw();

        _source.Repeat(first);
        using var third = _source.Mark();

        _device.Draw().Should().NotBe(after);
        _device.Seeds.Distinct().Should().HaveCount(3);
    }

    [Fact]
    public void The_users_seed_decides_what_is_drawn()
    {
        First(7).Should().Be(First(7)).And.NotBe(First(8));

        static long First(long seed)
        {
            using var device = new SeedOnlyDevice(seed);
            using var mark = device.Source().Mark();
            return device.Draw();
        }
    }

    [Fact]
    public void After_a_pause_it_goes_on_with_numbers_of_its_own_and_the_next_mark_is_what_it_would_have_been()
    {
        using var other = new SeedOnlyDevice(7);
        var theirs = other.Source();
        theirs.Mark().Dispose();
        _source.Mark().Dispose();
        var before = _device.Draw();

        using var pause = _source.Pause();
        _device.Draw();
        _source.Repeat(pause);

        _device.Draw().Should().NotBe(before);
        _source.Mark().Dispose();
        theirs.Mark().Dispose();
        _device.Draw().Should().Be(other.Draw());
    }

    [Fact]
    public void A_saved_mark_lets_another_run_go_on_as_this_one()
    {
        using var other = new SeedOnlyDevice(99);
        var theirs = other.Source();
        using var mark = _source.Mark();

        theirs.Resume(mark);

        other.Draw().Should().Be(_device.Draw());
        _source.Mark().Dispose();
        theirs.Mark().Dispose();
        other.Draw().Should().Be(_device.Draw(), "all marks after it are the same, too");
    }

    [Fact]
    public void A_mark_between_two_steps_does_not_shift_what_the_steps_draw()
    {
        using var other = new SeedOnlyDevice(7);
        var theirs = other.Source();
        _source.Mark().Dispose();
        theirs.Mark().Dispose();

        theirs.Mark().Dispose();
        _source.BeginStep(3);
        theirs.BeginStep(3);
        _source.Mark().Dispose();
        theirs.Mark().Dispose();

        other.Draw().Should().Be(_device.Draw());
    }

    [Fact]
    public void Seeds_of_neighbouring_marks_and_steps_are_all_different()
    {
        for (var step = 0; step < 50; step++)
        {
            _source.BeginStep(step);
            for (var i = 0; i < 20; i++)
            {
                _source.Mark().Dispose();
            }
        }

        _device.Seeds.Should().OnlyHaveUniqueItems().And.OnlyContain(seed => seed >= 0);
    }

    [Fact]
    public void A_mark_leaves_no_tensor_behind() => LiveTensors.LeftBy(() =>
    {
        using var mark = _source.Mark();
        _source.Repeat(mark);
        _source.Resume(mark);
    }).Should().Be(0);

    [Fact]
    public void A_device_without_a_seed_is_known_as_one()
    {
        ModelRandom.CanRepeatOn(DeviceType.MPS).Should().BeFalse();
        ModelRandom.CanRepeatOn(DeviceType.CPU).Should().BeTrue();
        ModelRandom.CanRepeatOn(DeviceType.CUDA).Should().BeTrue();
    }

    [Fact]
    public void A_model_on_the_CPU_does_not_touch_CUDA()
    {
        using var model = nn.Linear(2, 2);

        ModelRandom.Of(model).Serving.Should().ContainSingle().Which.Should().BeOfType<CpuRandom>();
    }
}
