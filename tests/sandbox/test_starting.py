"""`python -m importer.sandbox` as a process: the lines it prints are all that a client needs."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from importer.sandbox.throwaway_certificate import ThrowawayCertificate

ROOT = Path(__file__).parents[2]


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "importer.sandbox", *arguments]


def test_both_doors_answer_over_tls_to_who_trusts_the_printed_authority() -> None:
    pytest.importorskip("trustme", reason="the test extra is not installed: pip install -e '.[test]'")
    with subprocess.Popen(_command("--tls", "--vibe", "me_answer=minimal"), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            webhook = process.stdout.readline().strip()
            printed: dict[str, str] = {}
            while "SSL_CERT_FILE" not in printed:
                name, _, value = process.stdout.readline().strip().partition("=")
                assert name, "the sandbox ended early"
                printed[name] = value
            trusted = ssl.create_default_context(cafile=printed["SSL_CERT_FILE"])
            with urlopen(webhook + "profile", context=trusted, timeout=20) as answer:
                assert json.load(answer)["result"]["ID"] == "1"
            me = Request(printed["VIBE_BASE_URL"] + "/v1/me", headers={"X-Api-Key": printed["VIBE_API_KEY"]})
            with urlopen(me, context=trusted, timeout=20) as answer:
                assert set(json.load(answer)["data"]) == {"scopes", "accessMode"}
        finally:
            process.terminate()
        assert process.wait(20) == 0
    assert not Path(printed["SSL_CERT_FILE"]).exists()


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("update_anwser=id", "VibeCode switch 'update_anwser' is unknown. Did you mean update_answer?"),
        ("update_answer=maybe", "VibeCode switch update_answer: 'maybe' is unknown. Take one of: record, id, true, nothing."),
        ("entity_batch_limit=few", "VibeCode switch entity_batch_limit: 'few' is no whole number from 0."),
        ("update_answer", "VibeCode switch 'update_answer': NAME=POSITION is needed."),
    ],
)
def test_a_switch_that_cannot_be_meant_is_named(word: str, told: str) -> None:
    ended = subprocess.run(_command("--vibe", word), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr.strip()) == (2, "", f"sandbox: {told}")


def test_without_the_library_for_certificates_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(ValueError, match=r"pip install 'b24-import\[tls\]'"):
        ThrowawayCertificate()
