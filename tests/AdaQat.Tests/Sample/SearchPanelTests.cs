using AdaQat.Search;
using AdaQat.Training;
using ChannelExpansion;
using static TorchSharp.torch;

namespace AdaQat.Tests.Sample;

public sealed class SearchPanelTests
{
    [Fact]
    public void A_terminal_shows_progress_losses_and_a_bar_for_each_layer()
    {
        var output = new StringWriter();

        var result = Show(output);

        result.IsComplete.Should().BeTrue();
        var shown = output.ToString();
        shown.Should().ContainAll("A search [x]", "step 1/4", "step 4/4", "Loss", "MACs", "τ", "before it ends", "░", "█");
        shown.Should().ContainAll(result.History[^1].Groups.Select(group => FormattableString.Invariant(
            $"{group.Preferred} of {group.Candidates[^1]}, widest {group.Preferences[^1]:0.00}")));
        shown.LastIndexOf("before it ends", StringComparison.Ordinal)
            .Should().BeGreaterThan(shown.LastIndexOf("step 4/4", StringComparison.Ordinal), "what was said stands below the panel, too");
    }

    [Fact]
    public void A_message_longer_than_a_line_leaves_the_layers_in_sight()
    {
        var output = new StringWriter();

        var result = Show(output, (step, panel) => panel.Say(string.Join(' ', Enumerable.Repeat("long", 60))));

        var shown = output.ToString();
        var last = shown[shown.LastIndexOf("A search", StringComparison.Ordinal)..];
        last.Should().Contain("long long").And.ContainAll(result.History[^1].Groups.Select(group => group.Layer));
    }

    [Fact]
    public void The_cursor_is_shown_again_when_a_search_fails()
    {
        var output = new StringWriter();

        FluentActions.Invoking(() => Show(output, (_, _) => throw new InvalidOperationException("of the user's")))
            .Should().Throw<InvalidOperationException>().WithMessage("of the user's");

        var text = output.ToString();
        text.LastIndexOf("\u001b[?25h", StringComparison.Ordinal)
            .Should().BeGreaterThan(text.LastIndexOf("\u001b[?25l", StringComparison.Ordinal));
    }

    private static ChannelSearchResult Show(TextWriter output, Action<SearchStep, SearchPanel>? onStep = null)
    {
        using var example = randn(1, 3, 8, 8);
        using var search = new ChannelSearch(
            channels => new ExpandableNetwork(channels), example, (o, t) => nn.functional.cross_entropy(o, t),
            new ChannelSearchOptions { Epochs = 2 });
        var panel = new SearchPanel(TestTerminal.Create(output), "A search [x]");
        search.StepCompleted += (_, step) =>
        {
            onStep?.Invoke(step, panel);
            if (step.Step == 4)
            {
                panel.Say("before it ends");
            }
        };
        return panel.Follow(search, () => search.Run(Data(1), Data(2)));
    }

    private static IBatchSource<Batch> Data(int seed)
    {
        var random = new Generator((ulong)seed);
        return IndexedBatches.Shuffled(
            randn(16, 3, 8, 8, generator: random), randint(0, 10, 16, generator: random), batchSize: 8, seed);
    }
}
