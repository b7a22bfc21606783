using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AdaQat.Training;

/// <summary>A panel that renews itself a few times a second, for a terminal; what is said meanwhile stands in it and below it.</summary>
public sealed class TerminalProgress : IRunDisplay
{
    private const int TrendWidth = 30;
    private const int BarWidth = 30;
    private const int MessagesShown = 3;
    private const double WidestBits = 8;
    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(250);

    private readonly IAnsiConsole _console;
    private readonly string _title;
    private readonly Trend _losses = new(TrendWidth);
    private readonly Trend _weights = new(TrendWidth);
    private readonly Trend _activations = new(TrendWidth);
    private readonly List<string> _said = [];
    private readonly Lock _changing = new();
    private TrainingPlan? _plan;
    private RunPace? _pace;
    private LiveDisplayContext? _display;
    private TaskCompletionSource? _ended;
    private Task? _live;
    private TrainingStep? _step;
    private TrainingEpoch? _epoch;
    private long _shown;

    /// <param name="console">Spectre.Console's, such as <c>AnsiConsole.Console</c>.</param>
    /// <param name="title">One line: what is trained how.</param>
    public TerminalProgress(IAnsiConsole console, string title)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(title);
        (_console, _title) = (console, title);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The console shows another live display.</exception>
    public void OnStart(TrainingPlan plan)
    {
        lock (_changing)
        {
            (_plan, _pace, _ended) = (plan, new RunPace(plan), new TaskCompletionSource());
            // The display lives as long as its task does; until that waits, it runs on this thread, so the context is there at once.
            var live = _console.Live(Picture()).AutoClear(false).StartAsync(display =>
            {
                _display = display;
                return _ended.Task;
            });
            if (live.IsFaulted)
            {
                live.GetAwaiter().GetResult();
            }

            _live = live;
        }
    }

    /// <inheritdoc/>
    public void OnStep(TrainingStep report)
    {
        ArgumentNullException.ThrowIfNull(report);
        lock (_changing)
        {
            _pace!.OnStep(report);
            _losses.Add(report.Loss);
            if (report.Widths is { } widths)
            {
                _weights.Add(widths.Weights);
                _activations.Add(widths.Activations);
            }

            _step = report;
            if (_shown == 0 || Stopwatch.GetElapsedTime(_shown) > Renewal)
            {
                Show();
            }
        }
    }

    /// <inheritdoc/>
    public void OnEpoch(TrainingEpoch epoch)
    {
        lock (_changing)
        {
            _epoch = epoch;
            Show();
            _pace!.Pause();
        }
    }

    /// <inheritdoc/>
    public void OnWarning(QuantizationWarning warning)
    {
        ArgumentNullException.ThrowIfNull(warning);
        Say($"Warning: {warning.Message}");
    }

    /// <inheritdoc/>
    public void OnEnd()
    {
        lock (_changing)
        {
            Show();
            _display = null;
            _ended!.SetResult();
            _live!.GetAwaiter().GetResult();
            _said.ForEach(_console.WriteLine);
            _said.Clear();
        }
    }

    /// <inheritdoc/>
    public void Say(string message)
    {
        // Ctrl-C is told of from another thread than the training's.
        lock (_changing)
        {
            if (_display is null)
            {
                _console.WriteLine(message);
            }
            else
            {
                _said.Add(message);
                Show();
            }
        }
    }

    private void Show()
    {
        _shown = Stopwatch.GetTimestamp();
        _display?.UpdateTarget(Picture());
    }

    private Panel Picture()
    {
        // Bars and trends leave room for names and numbers in a terminal of eighty columns.
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Width("Activations".Length)).AddColumn().AddColumn();
        if (_step is null)
        {
            Add(grid, "Progress", "The first step is on its way.", "");
        }
        else
        {
            AddStep(grid, _step);
        }

        foreach (var message in _said.TakeLast(MessagesShown))
        {
            Add(grid, "!", message, "");
        }

        return new Panel(grid).Header(Markup.Escape(_title)).RoundedBorder();
    }

    private void AddStep(Grid grid, TrainingStep step)
    {
        var plan = _plan!;
        Add(
            grid, "Progress", Bar((double)step.Step / plan.Steps, "green"),
            Invariant($"epoch {step.Epoch}/{plan.Epochs}, step {step.Step:N0}/{plan.Steps:N0}"));
        Add(grid, "Speed", Invariant($"{_pace!.SamplesPerSecond:0} samples/s"), $"{RunText.Duration(_pace.Left)} left");
        Add(grid, "Loss", _losses.ToString(), Invariant($"{step.Loss:0.0000}"));
        var train = step.EpochSoFar.Accuracy is { } right ? $"train {RunText.Percent(right)}" : "";
        var test = _epoch?.Test?.Accuracy is { } measured ? $"test {RunText.Percent(measured)} after epoch {_epoch.Epoch}" : "";
        if (train.Length + test.Length > 0)
        {
            Add(grid, "Accuracy", train, test);
        }

        if (step.Widths is { } widths)
        {
            Add(grid, "Weights", Bar(widths.Weights / WidestBits, "blue"), $"N = {RunText.Width(widths.Weights, widths.WeightBits)}");
            Add(grid, "", _weights.ToString(), "");
            Add(
                grid, "Activations", Bar(widths.Activations / WidestBits, "purple"),
                $"N = {RunText.Width(widths.Activations, widths.ActivationBits)}");
            Add(grid, "", _activations.ToString(), "");
        }
    }

    private static void Add(Grid grid, string name, string first, string second) => Add(grid, name, new Text(first), second);

    private static void Add(Grid grid, string name, IRenderable first, string second) =>
        grid.AddRow(new Markup($"[bold]{Markup.Escape(name)}[/]"), first, new Text(second));

    private static Markup Bar(double share, string colour)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return new Markup($"[{colour}]{new string('█', full)}[/][grey]{new string('░', BarWidth - full)}[/]");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
