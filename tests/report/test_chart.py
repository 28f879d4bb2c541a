import xml.etree.ElementTree as ET
from random import Random

import pytest

from importer.report.chart import draw, round_up
from importer.report.throughput import Bucket, Stretch, Throughput


def of(*buckets: Bucket, **changes: object) -> Throughput:
    """One stretch of one-second slices."""
    for nth, bucket in enumerate(buckets):
        bucket.began = 1_000_000.0 + nth
    stretch = Stretch(1_000_000.0, 1_000_000.0 + len(buckets) - 1)
    return Throughput(stretches=[stretch], buckets=[list(buckets)], **changes)


def classes(over_time: Throughput) -> set[str]:
    return {shape.get("class", "") for shape in ET.fromstring(str(draw(over_time).svg)).iter()}


@pytest.mark.parametrize(
    ("value", "axis"), [(0, 1), (-1, 1), (0.3, 0.4), (1, 1), (2.2, 2.5), (97, 100), (101, 200), (528, 600), (1_234_567, 2_000_000)]
)
def test_an_axis_ends_at_a_round_number_not_below_its_peak(value, axis):
    assert round_up(value) == pytest.approx(axis)


def test_without_a_request_there_is_no_picture():
    assert draw(Throughput()) is None


def test_one_request_makes_a_picture():
    assert {"rows", "answered"} <= classes(of(Bucket(0, rows=50, answered=1)))


def test_refused_and_lost_requests_have_colours_and_keys_of_their_own():
    over_time = of(Bucket(0, answered=1), Bucket(0, limited=1), Bucket(0, failed=1))
    assert {"limited", "failed"} <= classes(over_time)
    assert {"limited", "failed"} <= {key.swatch for key in draw(over_time).legend}


def test_the_allowance_is_a_line_only_when_it_is_known():
    assert "allowed" in classes(of(Bucket(0, answered=1), leak_per_s=2.0))
    assert "allowed" not in classes(of(Bucket(0, answered=1)))


def test_operating_time_is_drawn_only_when_the_portal_told_it():
    assert "operating" in classes(of(Bucket(0, answered=1, operating_s=4.0), operating_limit_s=480.0))
    assert "operating" not in classes(of(Bucket(0, answered=1), operating_limit_s=480.0))


def test_pauses_are_shaded_by_reason_and_summed_in_the_legend():
    began = 1_000_000.0
    pauses = [(began, began + 1, "operating"), (began + 1, began + 3, "operating"), (began + 3, began + 4, "bucket")]
    over_time = of(*(Bucket(0, answered=1) for _ in range(6)), pauses=pauses)
    said = [key.text for key in draw(over_time).legend if key.swatch.startswith("pause")]
    assert said == ["waited: operating (2 times, 3 s in all)", "waited: bucket (1 time, 1 s in all)"]
    assert {"pause0", "pause1"} <= classes(over_time)


def test_a_reason_cannot_carry_markup_into_the_picture():
    over_time = of(Bucket(0, answered=1), Bucket(0), pauses=[(1_000_000.0, 1_000_001.0, "</svg><script>")])
    assert "<script" not in str(draw(over_time).svg)


def test_the_time_between_two_stretches_is_cut_out_and_said():
    over_time = Throughput(
        stretches=[Stretch(0.0, 0.0), Stretch(50_000.0, 50_000.0)],
        buckets=[[Bucket(0.0, answered=1)], [Bucket(50_000.0, answered=1)]],
    )
    chart = draw(over_time)
    assert "13 h 53 min between, left out" in str(chart.svg)
    assert "break" in {key.swatch for key in chart.legend}


def test_ten_thousand_pauses_and_many_reasons_stay_small():
    random = Random(1)
    pauses = sorted((t := 1_000_000.0 + random.random() * 99, t + 0.01, f"reason {n % 50}") for n in range(10_000))
    over_time = of(*(Bucket(0, rows=50, answered=1) for _ in range(100)), pauses=pauses)
    chart = draw(over_time)
    assert len(str(chart.svg)) < 150_000
    assert len([key for key in chart.legend if key.swatch.startswith("pause")]) == 4


def test_every_shape_lies_inside_the_picture():
    over_time = of(*(Bucket(0, rows=n, answered=n) for n in range(60)), leak_per_s=2.0)
    svg = ET.fromstring(str(draw(over_time).svg))
    _, _, width, height = map(float, svg.get("viewBox").split())
    for text in svg.iter("text"):
        assert 0 <= float(text.get("x")) <= width and 0 <= float(text.get("y")) <= height
