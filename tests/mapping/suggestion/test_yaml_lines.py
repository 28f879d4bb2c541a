"""Whatever a cell or column is called, YAML gives it back as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.suggestion.yaml_lines import commented, flow
from importer.mapping.yaml_text import parse_yaml

TEXTS = st.one_of(st.text(max_size=40), st.sampled_from(["null", "~", "no", "007", "a: b", "# x", "- x", "a, b", "{x}", "[x]", '"x"', "'x'", "\\", "\x85", "\u2028", "\ufeff", "№ 1", "%"]))


@given(rule=st.dictionaries(st.sampled_from(["column", "join", "split", "value"]), TEXTS, min_size=1), words=st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=3))
def test_any_rule_reads_back_as_it_was(rule: dict[str, str], words: dict[str, str]) -> None:
    whole = {**rule, "map": words, "columns": list(words)}
    text = f"fields:\n  NAME: {flow(whole)} # {commented('; '.join(words))}\n"
    document = parse_yaml(text.encode("utf-8"), "x.yaml")
    assert (document.content, document.faults) == ({"fields": {"NAME": whole}}, [])
