"""Yes and no in the languages of exports."""

from __future__ import annotations

import pytest

from importer.mapping.yes_no import truth


@pytest.mark.parametrize("word", ["Да", "YES", "true", "oui", "Sí", "WAHR", "VRAI", "VERDADERO", "VERDADEIRO", "VERO", "PRAWDA", "DOĞRU", "WAAR", "ИСТИНА", "1.0", "1,0", "da", "ano", "はい", "是"])
def test_words_that_mean_yes(word: str) -> None:
    assert truth(word) is True


@pytest.mark.parametrize("word", ["Нет", "NO", "false", "non", "FALSCH", "FAUX", "FALSO", "FAŁSZ", "YANLIŞ", "ONWAAR", "ЛОЖЬ", "ХИБНІСТЬ", "0.0", "0,0", "не", "ne", "nej", "否"])
def test_words_that_mean_no(word: str) -> None:
    assert truth(word) is False


@pytest.mark.parametrize("word", ["", "perhaps", "2", "2.0", "1x0", "nein danke"])
def test_any_other_word_means_neither(word: str) -> None:
    assert truth(word) is None
