using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;
using static ResNet20Cifar.Output.Progress.ProgressText;

namespace ResNet20Cifar.Output.Progress;

/// <summary>A panel that renews itself a few times a second, for a terminal; what is said goes above it when it is done.</summary>
public sealed class TerminalProgress(IAnsiConsole console) : IRunProgress
{
    private const int TrendWidth = 48;
    private const int BarWidth = 30;
    private const int MessagesShown = 3;
    private const double WidestBits = 8;
    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(250);

    private readonly Trend _losses = new(TrendWidth);
    private readonly Trend _weights = new(TrendWidth);
    private readonly Trend _activations = new(TrendWidth);
    private readonly List<string> _said = [];
    private readonly Lock _saying = new();
    private RunPlan? _plan;
    private Pace? _pace;
    private LiveDisplayContext? _display;
    private EpochRow? _epoch;
    private StepRow? _step;
    private double _trainAccuracy;
    private long _shown;

    public void Around(RunPlan plan, Action training)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(training);
        _plan = plan;
        _pace = new Pace(plan);
        console.Live(new Markup("[grey]The first step is on its way.[/]")).AutoClear(false).Start(display =>
        {
            _display = display;
            try
            {
                training();
            }
            finally
            {
                _display = null;
            }
        });
        lock (_saying)
        {
            _said.ForEach(console.WriteLine);
            _said.Clear();
        }
    }

    public void OnStep(StepRow row, double trainAccuracy)
    {
        ArgumentNullException.ThrowIfNull(row);
        _pace!.OnStep(row.Step);
        _losses.Add(row.Loss);
        if (row.Widths is { } widths)
        {
            _weights.Add(widths.Weights);
            _activations.Add(widths.Activations);
        }

        (_step, _trainAccuracy) = (row, trainAccuracy);
        if (_shown == 0 || Stopwatch.GetElapsedTime(_shown) > Renewal)
        {
            Show();
        }
    }

    public void OnEpoch(EpochRow row)
    {
        _epoch = row;
        Show();
        _pace!.Pause();
    }

    public void Say(string message)
    {
        // Ctrl-C is told of from another thread than the training's.
        lock (_saying)
        {
            if (_display is null)
            {
                console.WriteLine(message);
            }
            else
            {
                _said.Add(message);
            }
        }
    }

    private void Show()
    {
        _shown = Stopwatch.GetTimestamp();
        if (_step is not null)
        {
            _display?.UpdateTarget(Picture(_step, _trainAccuracy));
        }
    }

    private Panel Picture(StepRow row, double trainAccuracy)
    {
        var plan = _plan!;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap());
        var share = (double)row.Step / plan.Steps;
        Add(grid, "Progress", Bar(share, "green"), Invariant($"epoch {row.Epoch}/{plan.Epochs}, step {row.Step:N0}/{plan.Steps:N0}"));
        Add(grid, "Speed", Escaped(Invariant($"{_pace!.ImagesPerSecond:0} images/s")), Escaped($"{Duration(_pace.Left)} left"));
        Add(grid, "Loss", Escaped(_losses.ToString()), Invariant($"{row.Loss:0.0000}"));
        var test = _epoch is null ? "" : $"test {Percent(_epoch.TestAccuracy)} after epoch {_epoch.Epoch}";
        Add(grid, "Accuracy", Escaped($"train {Percent(trainAccuracy)}"), Escaped(test));
        if (row.Widths is { } widths)
        {
            Add(grid, "Weights", Bar(widths.Weights / WidestBits, "blue"), Escaped($"N = {Width(widths.Weights, widths.WeightBits)}"));
            Add(grid, "", Escaped(_weights.ToString()), "");
            Add(
                grid, "Activations", Bar(widths.Activations / WidestBits, "purple"),
                Escaped($"N = {Width(widths.Activations, widths.ActivationBits)}"));
            Add(grid, "", Escaped(_activations.ToString()), "");
        }

        lock (_saying)
        {
            foreach (var message in _said.TakeLast(MessagesShown))
            {
                Add(grid, "[yellow]![/]", Escaped(message), "");
            }
        }

        return new Panel(grid).Header(Escaped(plan.Title)).RoundedBorder();
    }

    private static void Add(Grid grid, string name, string first, string second) =>
        grid.AddRow(new IRenderable[] { new Markup($"[bold]{name}[/]"), new Markup(first), new Markup(second) });

    private static string Bar(double share, string colour)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return $"[{colour}]{new string('█', full)}[/][grey]{new string('░', BarWidth - full)}[/]";
    }

    private static string Escaped(string text) => Markup.Escape(text);
}
