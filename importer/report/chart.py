"""The picture of a run as inline SVG: rows, requests and operating time over the clock, pauses shaded.

Arithmetic from a Throughput to shapes; the colours are classes that page.css gives a light and a dark value. Its
size is bounded by the number of slices and pixels, not by the number of requests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil, floor, log10

from markupsafe import Markup

from importer.report.throughput import Bucket, Throughput
from importer.report.wording import counted, duration

_WIDTH, _LEFT, _RIGHT, _TOP = 960.0, 56.0, 14.0, 26.0
# Between two panels: room for the lower one's title. Between two stretches: room for the sign of a break.
_BETWEEN, _BREAK = 34.0, 26.0
_AXIS = 40.0

_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_MOST_TICKS = 8

# Reasons with a shade of their own; the rest share one.
_MOST_REASONS = 3


@dataclass(slots=True)
class Key:
    """One line of the legend: the class of its swatch, and what it stands for."""

    swatch: str
    text: str


@dataclass(slots=True)
class Chart:
    """The picture and its legend."""

    svg: Markup
    legend: list[Key]


@dataclass(slots=True)
class _Panel:
    """One of the graphs above each other: stacked series of bars, and the line of a limit."""

    title: str
    height: float
    #: (class, value of a slice), from the bottom of the stack to its top
    series: list[tuple[str, Callable[[Bucket], float]]]
    limit: float | None = None
    top: float = 0.0

    def ceiling(self, buckets: list[Bucket]) -> float:
        peak = max((sum(value(bucket) for _, value in self.series) for bucket in buckets), default=0.0)
        return round_up(max(peak, (self.limit or 0.0) * 1.1))


@dataclass(slots=True)
class _Axis:
    """Where a moment lies across the picture: stretches side by side, the idle time between them left out."""

    over_time: Throughput
    px_per_s: float = field(init=False)
    #: left edge and drawn seconds of each stretch
    spans: list[tuple[float, float]] = field(init=False)

    def __post_init__(self) -> None:
        drawn = [len(buckets) * self.over_time.bucket_s for buckets in self.over_time.buckets]
        room = _WIDTH - _LEFT - _RIGHT - _BREAK * (len(drawn) - 1)
        self.px_per_s = room / sum(drawn)
        self.spans, left = [], _LEFT
        for seconds in drawn:
            self.spans.append((left, seconds))
            left += seconds * self.px_per_s + _BREAK

    def x(self, nth: int, moment: float) -> float:
        left, seconds = self.spans[nth]
        return left + min(max(moment - self.over_time.stretches[nth].began, 0.0), seconds) * self.px_per_s


def draw(over_time: Throughput) -> Chart | None:
    """The picture of a run; None when no request ever left."""
    if not over_time.buckets:
        return None
    axis, panels = _Axis(over_time), _panels(over_time)
    y = _TOP
    for panel in panels:
        panel.top = y
        y += panel.height + _BETWEEN
    bottom = y - _BETWEEN
    shades = _shades(over_time.pauses)
    parts = [
        *_pauses(axis, shades, panels),
        *(part for panel in panels for part in _drawn(axis, panel)),
        *_ticks(axis, bottom),
        *_breaks(axis, panels),
        *_hovers(axis, bottom),
    ]
    svg = Markup('<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>').format(
        _WIDTH, bottom + _AXIS, "Rows and requests per second over the time of the run", Markup("").join(parts)
    )
    return Chart(svg, _legend(over_time, shades))


def round_up(value: float) -> float:
    """The next number of the kind people put on an axis: 1, 2, 2.5, 4, 5, 6, 8 times a power of ten; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next((step * power for step in (1, 2, 2.5, 4, 5, 6, 8) if value <= step * power * 1.0001), 10 * power)


def _panels(over_time: Throughput) -> list[_Panel]:
    per_s = 1 / over_time.bucket_s
    requests = [
        ("answered", lambda bucket: bucket.answered * per_s),
        ("limited", lambda bucket: bucket.limited * per_s),
        ("failed", lambda bucket: bucket.failed * per_s),
    ]
    panels = [
        _Panel("rows per second", 140.0, [("rows", lambda bucket: bucket.rows * per_s)]),
        _Panel("requests per second", 100.0, requests, limit=over_time.leak_per_s),
    ]
    if any(bucket.operating_s is not None for buckets in over_time.buckets for bucket in buckets):
        series = [("operating", lambda bucket: bucket.operating_s or 0.0)]
        panels.append(_Panel("portal seconds spent on adding, in the last 10 minutes", 80.0, series, limit=over_time.operating_limit_s))
    return panels


def _drawn(axis: _Axis, panel: _Panel) -> list[Markup]:
    ceiling = panel.ceiling([bucket for buckets in axis.over_time.buckets for bucket in buckets])
    base, scale = panel.top + panel.height, panel.height / ceiling
    parts = [Markup('<text class="title" x="{}" y="{:.1f}">{}</text>').format(_LEFT, panel.top - 9, panel.title)]
    for value in (0.0, ceiling / 2, ceiling):
        y = base - value * scale
        parts.append(Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(_LEFT, y, _WIDTH - _RIGHT))
        parts.append(Markup('<text class="value" x="{}" y="{:.1f}">{}</text>').format(_LEFT - 7, y + 4, f"{value:,.4g}"))
    stacked = [[0.0] * len(buckets) for buckets in axis.over_time.buckets]
    for name, value_of in panel.series:
        if path := _bars(axis, stacked, value_of, base, scale):
            parts.append(Markup('<path class="{}" d="{}"/>').format(name, path))
    if panel.limit is not None:
        parts.append(Markup('<path class="allowed" d="M{} {:.1f}H{}"/>').format(_LEFT, base - panel.limit * scale, _WIDTH - _RIGHT))
    return parts


def _bars(axis: _Axis, stacked: list[list[float]], value_of: Callable[[Bucket], float], base: float, scale: float) -> str:
    width = axis.over_time.bucket_s * axis.px_per_s
    # A hair between broad bars; narrow ones would drown in it.
    drawn = width - 1 if width > 4 else width
    path = []
    for nth, buckets in enumerate(axis.over_time.buckets):
        for at, bucket in enumerate(buckets):
            if height := value_of(bucket) * scale:
                x, y = axis.x(nth, bucket.began), base - stacked[nth][at]
                path.append(f"M{x:.1f} {y:.1f}v{-height:.1f}h{drawn:.1f}v{height:.1f}z")
                stacked[nth][at] += height
    return "".join(path)


def _shades(pauses: list[tuple[float, float, str]]) -> dict[str, str]:
    """Reason → class of its shade, the reason that cost most time first."""
    seconds: dict[str, float] = {}
    for began, ended, reason in pauses:
        seconds[reason] = seconds.get(reason, 0.0) + ended - began
    ordered = sorted(seconds, key=lambda reason: -seconds[reason])
    return {reason: f"pause{min(nth, _MOST_REASONS)}" for nth, reason in enumerate(ordered)}


def _pauses(axis: _Axis, shades: dict[str, str], panels: list[_Panel]) -> list[Markup]:
    # Kept per shade as whole pixels, so that ten thousand short waits are still a few hundred shapes.
    pixels: dict[str, set[int]] = {}
    for began, ended, reason in axis.over_time.pauses:
        for nth, stretch in enumerate(axis.over_time.stretches):
            if began <= stretch.ended and ended >= stretch.began:
                first, last = axis.x(nth, began), axis.x(nth, ended)
                pixels.setdefault(shades[reason], set()).update(range(floor(first), max(ceil(last), floor(first) + 1)))
    return [
        Markup('<path class="{}" d="{}"/>').format(shade, _columns(sorted(columns), panels))
        for shade, columns in sorted(pixels.items())
    ]


def _columns(pixels: list[int], panels: list[_Panel]) -> str:
    path, begin = [], pixels[0]
    for pixel, after in zip(pixels, [*pixels[1:], None], strict=True):
        if after != pixel + 1:
            path += [f"M{begin} {panel.top:.0f}h{pixel + 1 - begin}v{panel.height:.0f}H{begin}z" for panel in panels]
            begin = after or 0
    return "".join(path)


def _ticks(axis: _Axis, bottom: float) -> list[Markup]:
    total_s = sum(seconds for _, seconds in axis.spans)
    step = next((step for step in _TICK_STEPS_S if total_s <= step * _MOST_TICKS), 86400 * ceil(total_s / 86400 / _MOST_TICKS))
    form = "%H:%M:%S" if step < 60 else "%H:%M"
    first, last = axis.over_time.stretches[0].began, axis.over_time.stretches[-1].ended
    has_days = datetime.fromtimestamp(first).date() != datetime.fromtimestamp(last).date()
    parts = []
    for nth, (stretch, (_, seconds)) in enumerate(zip(axis.over_time.stretches, axis.spans, strict=True)):
        moments = [n * step for n in range(ceil(stretch.began / step), floor((stretch.began + seconds) / step) + 1)]
        for at, moment in enumerate(moments or [stretch.began]):
            x, clock = axis.x(nth, moment), datetime.fromtimestamp(moment)
            parts.append(Markup('<path class="tick" d="M{:.1f} {:.0f}v5"/>').format(x, bottom))
            labels = [clock.strftime(form)] + ([f"{clock.day} {clock:%b}"] if has_days and at == 0 else [])
            # A label is up to 56 px wide and centred: at the right edge it would be cut.
            centre = min(x, _WIDTH - 28)
            for line, label in enumerate(labels):
                parts.append(Markup('<text class="clock" x="{:.1f}" y="{:.0f}">{}</text>').format(centre, bottom + 18 + 15 * line, label))
    return parts


def _breaks(axis: _Axis, panels: list[_Panel]) -> list[Markup]:
    stretches, parts = axis.over_time.stretches, []
    for nth, (left, _) in enumerate(axis.spans[1:], start=1):
        gap = f"{duration(stretches[nth].began - stretches[nth - 1].ended)} between, left out"
        begin, width = left - _BREAK + 1, _BREAK - 2
        path = "".join(f"M{begin:.1f} {panel.top:.0f}h{width:.0f}v{panel.height:.0f}h-{width:.0f}z" for panel in panels)
        parts.append(Markup('<path class="break" d="{}"><title>{}</title></path>').format(path, gap))
    return parts


def _hovers(axis: _Axis, bottom: float) -> list[Markup]:
    width, parts = axis.over_time.bucket_s * axis.px_per_s, []
    for nth, buckets in enumerate(axis.over_time.buckets):
        for bucket in buckets:
            if bucket.requests or bucket.rows:
                parts.append(
                    Markup('<path class="hover" d="M{:.1f} {:.0f}h{:.1f}V{:.0f}h-{:.1f}z"><title>{}</title></path>').format(
                        axis.x(nth, bucket.began), _TOP, width, bottom, width, _told(bucket, axis.over_time.bucket_s)
                    )
                )
    return parts


def _told(bucket: Bucket, bucket_s: float) -> str:
    parts = [counted(bucket.rows, "row"), counted(bucket.requests, "request")]
    parts += [f"{n} {words}" for n, words in ((bucket.limited, "refused by a limit"), (bucket.failed, "failed or lost")) if n]
    return f"{datetime.fromtimestamp(bucket.began):%H:%M:%S}, {duration(bucket_s)}: {', '.join(parts)}"


def _legend(over_time: Throughput, shades: dict[str, str]) -> list[Key]:
    buckets = [bucket for buckets in over_time.buckets for bucket in buckets]
    keys = [Key("rows", "rows the portal answered for"), Key("answered", "requests answered")]
    if any(bucket.limited for bucket in buckets):
        keys.append(Key("limited", "requests refused by a limit, sent again later"))
    if any(bucket.failed for bucket in buckets):
        keys.append(Key("failed", "requests refused or lost"))
    if any(bucket.operating_s is not None for bucket in buckets):
        keys.append(Key("operating", "seconds the portal worked for us"))
    if over_time.leak_per_s is not None:
        burst = f", after a first {over_time.capacity:g} at once" if over_time.capacity else ""
        keys.append(Key("allowed", f"allowed: {over_time.leak_per_s:g} requests a second{burst}"))
    if over_time.operating_limit_s is not None and any(bucket.operating_s is not None for bucket in buckets):
        keys.append(Key("allowed", f"allowed: {over_time.operating_limit_s:g} portal seconds in 10 minutes"))
    if len(over_time.stretches) > 1:
        keys.append(Key("break", "stopped and resumed, the time between is left out"))
    return keys + _pause_keys(over_time.pauses, shades)


def _pause_keys(pauses: list[tuple[float, float, str]], shades: dict[str, str]) -> list[Key]:
    totals: dict[str, tuple[float, int, str]] = {}
    for began, ended, reason in pauses:
        shade = shades[reason]
        seconds, times, _ = totals.get(shade, (0.0, 0, ""))
        name = "other reasons" if shade == f"pause{_MOST_REASONS}" else reason
        totals[shade] = (seconds + ended - began, times + 1, name)
    return [
        Key(shade, f"waited: {name[:120]} ({counted(times, 'time')}, {duration(seconds)} in all)")
        for shade, (seconds, times, name) in sorted(totals.items())
    ]
