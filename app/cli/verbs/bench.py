"""lamella bench canvas --boxes 1000 --json"""

import argparse
import os
from typing import TYPE_CHECKING

from app.cli.common.output import print_json, show_lines, table
from resources.text import Text, tr

if TYPE_CHECKING:
    from app.cli.canvas_bench.measuring import CanvasReport, FrameTiming

HELP = Text("Measure how fast the canvas paints on this machine.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("canvas",))
    parser.add_argument("--boxes", type=_positive, default=1000, help=tr("boxes in the graph"))
    parser.add_argument("--frames", type=_positive, default=60, help=tr("frames of each kind"))
    parser.add_argument("--zoom", type=float, action="append", help=tr("a zoom to measure at, beside the whole graph"))
    parser.add_argument("--on-screen", action="store_true", help=tr("in a window that shows, instead of in memory"))
    parser.add_argument("--json", action="store_true", help=tr("for machines"))


def run(args: argparse.Namespace) -> int:
    if not args.on_screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.cli.canvas_bench.measuring import ZOOMS, measure_canvas
    from app.shell.screenshot import quiet_application

    application = quiet_application()
    report = measure_canvas(args.boxes, args.frames, args.zoom or ZOOMS)
    application.processEvents()
    if args.json:
        print_json(report.to_json())
    else:
        show_lines(_text(report))
    return 0


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(tr("a number from 1"))
    return int(text)


def _text(report: "CanvasReport") -> str:
    size = {"width": report.size[0], "height": report.size[1]}
    counts = {"boxes": report.boxes, "wires": report.wires}
    lines = [
        tr("{boxes} boxes and {wires} wires in {width} × {height} pixels: milliseconds a frame", **counts, **size),
        table([_HEAD, *(_row(frame) for frame in report.frames)]),
        "",
    ]
    steps = {
        tr("open, until all is painted"): report.open,
        tr("paste {count} boxes", count=report.pasted): report.paste,
        tr("undo that"): report.undo,
    }
    for title, step in steps.items():
        lines.append(
            tr(
                "{title}: {milliseconds} ms, {cpu} ms of them computing; the longest turn {turn} ms",
                title=title,
                milliseconds=step.milliseconds,
                cpu=step.cpu_milliseconds,
                turn=step.longest_turn,
            )
        )
    lines.append(tr("memory of the process: {megabytes} MB", megabytes=report.memory_mb))
    return "\n".join(lines)


_HEAD = ("zoom", "action", "median", "p95", "max", "cpu median", "cpu p95", "frames")


def _row(frame: "FrameTiming") -> tuple[str, ...]:
    timing = frame.timing
    zoom = f"{frame.zoom:.3f} (fit)" if frame.fitted else f"{frame.zoom:g}"
    values = (timing.median, timing.p95, timing.max, timing.cpu_median, timing.cpu_p95)
    return (zoom, frame.action, *(f"{value:.2f}" for value in values), str(timing.frames))
