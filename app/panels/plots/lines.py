"""Which lines a plot shows for one metric: of one run that is followed, or of several runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.look.theme import Theme
from app.panels.plots.curves import CurveBuffer, smooth
from app.panels.plots.run_curves import LEARNING_RATE, By, MetricCurves, RunCurves
from resources.text import tr

DEFAULT_SMOOTHING = 0.6
PLOT_COLORS = 8
_MOST_NAMED = 6  # runs: with more, the legend would be larger than the plot if it named validation as well


@dataclass(frozen=True, slots=True)
class PlotOptions:
    """How one plot is looked at. `smoothing` is the factor of the moving average, 0 for none.

    It is of what Keras tells of steps; `everywhere`: of validation and of epochs as well, as TensorBoard does it.
    """

    by: By = "step"
    smoothing: float = DEFAULT_SMOOTHING
    log: bool = False
    earlier: bool = True
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `key` stays the same from drawing to drawing; `points` grow. `group` lines hide together."""

    key: str
    label: str
    color: str
    points: CurveBuffer
    width: float = 1.0
    opacity: float = 1.0
    dashed: bool = False
    in_legend: bool = True
    smoothed: bool = False  # may be thinned by means instead of by its lowest and highest points
    held: bool = False  # a value stays until the next point: drawn as steps
    last: CurveBuffer | None = None  # where the latest value comes from, if not from `points`

    @property
    def group(self) -> str:
        return self.key.removesuffix(".raw")


def live_lines(
    run: RunCurves, earlier: Sequence[RunCurves], metric: str, options: PlotOptions, theme: Theme
) -> list[Line]:
    """Training and validation of the run in colours, the same metric of earlier runs as faint lines behind them."""
    lines: list[Line] = []
    smoothed = options.by != "epoch" and options.smoothing > 0
    behind = _earlier_lines(earlier, metric, options, theme)
    curves = run.metrics.get(metric)
    if curves is None:
        return behind
    accent, orange = theme.color("plot.1"), theme.color("plot.2")
    if smoothed and len(curves.steps.raw):
        raw = _placed(run, curves.steps.raw, options)
        lines.append(Line("train.raw", "", accent, raw, opacity=0.28, in_legend=False))
    held = metric == LEARNING_RATE
    train_label = tr("learning rate") if held else tr("training")
    points, last = _train_points(run, curves, options, held), _latest(curves, options)
    lines.append(Line("train", train_label, accent, points, width=2.0, smoothed=smoothed, held=held, last=last))
    if curves.has_validation:
        lines.append(Line("validation", tr("validation"), orange, _validation(run, curves, options), width=2.0))
    return [*lines, *behind]


def compared_lines(runs: Sequence[RunCurves], metric: str, options: PlotOptions, theme: Theme) -> list[Line]:
    """One colour a run: training whole, validation dashed."""
    lines: list[Line] = []
    many = len(runs) > _MOST_NAMED
    smoothed = options.smoothing > 0 and (options.by != "epoch" or options.everywhere)
    for number, run in enumerate(runs):
        curves = run.metrics.get(metric)
        if curves is None or (options.by == "time" and not run.knows_time):
            continue
        color = theme.color(f"plot.{number % PLOT_COLORS + 1}")
        held, last = metric == LEARNING_RATE, _latest(curves, options)
        points = _train_points(run, curves, options, held)
        if len(points):
            key = f"{number}.train"
            lines.append(Line(key, run.title, color, points, width=1.5, smoothed=smoothed, held=held, last=last))
        if curves.has_validation:
            label = tr("{run} validation", run=run.title)
            unnamed = many and bool(len(points))  # it is hidden with the line of training then
            key = f"{number}.train.raw" if unnamed else f"{number}.val"
            validation = _validation(run, curves, options)
            lines.append(Line(key, label, color, validation, 1.5, dashed=True, in_legend=not unnamed))
    return lines


def _earlier_lines(earlier: Sequence[RunCurves], metric: str, options: PlotOptions, theme: Theme) -> list[Line]:
    lines: list[Line] = []
    for number, run in enumerate(earlier if options.earlier else ()):
        curves = run.metrics.get(metric)
        if curves is None or (options.by == "time" and not run.knows_time):
            continue
        held = metric == LEARNING_RATE
        points = _train_points(run, curves, options, held)
        if len(points):
            smoothed = options.by != "epoch" and options.smoothing > 0
            color, last = theme.color("faint"), _latest(curves, options)
            key = f"earlier.{number}"
            lines.append(Line(key, run.title, color, points, opacity=0.75, smoothed=smoothed, held=held, last=last))
    return lines


def _train_points(run: RunCurves, curves: MetricCurves, options: PlotOptions, held: bool) -> CurveBuffer:
    if options.by != "epoch" and len(curves.steps.raw):
        return _placed(run, curves.steps.at(options.smoothing), options)
    ends = curves.train_ends(options.by)
    return _placed(run, ends if held else _smoothed(ends, options), options)


def _validation(run: RunCurves, curves: MetricCurves, options: PlotOptions) -> CurveBuffer:
    return _placed(run, _smoothed(curves.validation(options.by), options), options)


def _smoothed(points: CurveBuffer, options: PlotOptions) -> CurveBuffer:
    """Few points, of which there is one an epoch: smoothed anew each time."""
    if not options.everywhere or options.smoothing == 0.0:
        return points
    return CurveBuffer.of(points.x, smooth(points.y, options.smoothing))


def _placed(run: RunCurves, points: CurveBuffer, options: PlotOptions) -> CurveBuffer:
    """The points of steps where time puts them."""
    return CurveBuffer.of(run.seconds_at(points.x), points.y) if options.by == "time" else points


def _latest(curves: MetricCurves, options: PlotOptions) -> CurveBuffer | None:
    """The values as they were reported, where smoothed ones are drawn."""
    return curves.steps.raw if options.by != "epoch" and len(curves.steps.raw) else None
