using System.Diagnostics;
using System.Globalization;
using AdaQat.Search;
using Spectre.Console;

namespace ChannelExpansion;

/// <summary>
/// A search as a panel that renews itself a few times a second, for a terminal: progress, losses, and a bar for each layer, filled up to
/// the channels it prefers now, beyond its default in another colour, shaded up to its widest candidate.
/// </summary>
/// <param name="console">Spectre.Console's.</param>
/// <param name="title">One line: what is searched.</param>
public sealed class SearchPanel(IAnsiConsole console, string title)
{
    private const int BarWidth = 32;
    private const int MessagesShown = 3;
    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(250);

    private readonly List<string> _said = [];
    private readonly Lock _changing = new();
    private LiveDisplayContext? _display;
    private SearchStep? _step;
    private SearchEpoch? _epoch;
    private long _shown;

    /// <summary>Shows a search for the time of its run.</summary>
    /// <param name="search">The search.</param>
    /// <param name="run">Runs it.</param>
    /// <returns>What <paramref name="run"/> returns.</returns>
    public ChannelSearchResult Follow(ChannelSearch search, Func<ChannelSearchResult> run)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(run);
        search.StepCompleted += OnStep;
        search.EpochCompleted += OnEpoch;
        search.Warning += OnWarning;
        try
        {
            return console.Live(Picture()).AutoClear(false).Start(display =>
            {
                _display = display;
                return run();
            });
        }
        finally
        {
            search.StepCompleted -= OnStep;
            search.EpochCompleted -= OnEpoch;
            search.Warning -= OnWarning;
            _display = null;
            _said.ForEach(console.WriteLine);
            _said.Clear();
        }
    }

    /// <summary>A message in the panel, and below it once the search has ended. Any thread may call it.</summary>
    public void Say(string message)
    {
        lock (_changing)
        {
            _said.Add(message);
            Show();
        }
    }

    private void OnStep(object? sender, SearchStep step)
    {
        lock (_changing)
        {
            _step = step;
            if (_shown == 0 || Stopwatch.GetElapsedTime(_shown) > Renewal)
            {
                Show();
            }
        }
    }

    private void OnEpoch(object? sender, SearchEpoch epoch)
    {
        lock (_changing)
        {
            _epoch = epoch;
            Show();
        }
    }

    private void OnWarning(object? sender, SearchWarning warning) => Say($"Warning: {warning.Message}");

    private void Show()
    {
        _shown = Stopwatch.GetTimestamp();
        _display?.UpdateTarget(Picture());
    }

    private Panel Picture()
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        if (_step is not { } step)
        {
            Add(grid, "Progress", new Text("The first step is on its way."), "");
        }
        else
        {
            Add(
                grid, "Progress", Bar(BarWidth * (double)step.Step / step.Steps, BarWidth, BarWidth),
                Invariant($"epoch {step.Epoch}, step {step.Step:N0}/{step.Steps:N0}"));
            Add(
                grid, "Loss", new Text(Invariant($"weights {step.Loss:0.000}, channels {step.ChannelLoss ?? step.Loss:0.000}")),
                Invariant($"τ {step.Temperature:0.00}"));
            if (_epoch is { } epoch)
            {
                Add(
                    grid, "Preferred", new Text(Invariant($"{epoch.Macs / 1e6:0.00} M MACs, {epoch.Parameters:N0} parameters")),
                    epoch.Accuracy is { } right ? Invariant($"test {right:P1} after epoch {epoch.Epoch}") : "");
            }

            foreach (var group in step.Groups)
            {
                AddGroup(grid, group);
            }
        }

        // Messages are longer than columns, and have the whole width.
        return new Panel(new Rows([grid, .. _said.TakeLast(MessagesShown).Select(message => new Text($"! {message}"))]))
            .Header(Markup.Escape(title)).RoundedBorder();
    }

    /// <summary>The middle of the bar is the layer's default, its end twice as much: what a layer may grow to.</summary>
    private void AddGroup(Grid grid, GroupReading group)
    {
        var scale = (double)BarWidth / (2 * group.Default);
        var grew = _epoch?.Grown.Contains(group.Layer) == true ? ", grew" : "";
        Add(
            grid, group.Layer, Bar(group.Preferred * scale, group.Candidates[^1] * scale, BarWidth / 2),
            Invariant($"{group.Preferred} of {group.Candidates[^1]}, widest {group.Preferences[^1]:0.00}{grew}"));
    }

    private static Markup Bar(double filled, double shaded, int usual)
    {
        var (full, some) = (Cells(filled), Cells(shaded));
        var within = Math.Min(full, usual);
        return new Markup(
            $"[green]{new string('█', within)}[/][yellow]{new string('█', full - within)}[/]"
            + $"[grey]{new string('░', Math.Max(0, some - full))}[/]{new string(' ', BarWidth - Math.Max(full, some))}");
    }

    private static int Cells(double length) => (int)Math.Round(Math.Clamp(length, 0, BarWidth));

    private static void Add(Grid grid, string name, Spectre.Console.Rendering.IRenderable first, string second) =>
        grid.AddRow(new Markup($"[bold]{Markup.Escape(name)}[/]"), first, new Text(second));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
