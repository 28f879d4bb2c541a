"""Full names told apart, and capitals. The table is the documentation of what is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.person_names import split_full_name, title


@pytest.mark.parametrize(
    ("full", "first", "last", "second"),
    [
        ("Иванова Мария Петровна", "Мария", "Иванова", "Петровна"),
        ("Мария Петровна Иванова", "Мария", "Иванова", "Петровна"),
        ("ИВАНОВ ИВАН ИВАНОВИЧ", "ИВАН", "ИВАНОВ", "ИВАНОВИЧ"),
        ("Рабинович Иван Петрович", "Иван", "Рабинович", "Петрович"),
        ("Иван Петрович Рабинович", "Иван", "Рабинович", "Петрович"),
        ("Мария Петровна", "Мария", "", "Петровна"),
        ("Иванов Иван", "Иван", "Иванов", ""),
        ("Иван Иванов", "Иван", "Иванов", ""),
        ("Шевченко Тарас Григорович", "Тарас", "Шевченко", "Григорович"),
        ("Кузьмин Илья Ильич", "Илья", "Кузьмин", "Ильич"),
        ("Константин Орлов", "Константин", "Орлов", ""),
        ("Орлов Константин", "Константин", "Орлов", ""),
        ("Римский-Корсаков Николай Андреевич", "Николай", "Римский-Корсаков", "Андреевич"),
        ("Алиев Рашид Мамед оглы", "Рашид", "Алиев", "Мамед оглы"),
        ("Сергеев Тимур", "Тимур", "Сергеев", ""),
        ("Ada Kern", "Ada", "Kern", ""),
        ("Ada Maria Kern", "Ada", "Kern", "Maria"),
        ("Kern, Ada", "Ada", "Kern", ""),
        ("Kern, Ada Maria", "Ada", "Kern", "Maria"),
        ("Иванов, Иван Иванович", "Иван", "Иванов", "Иванович"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven", ""),
        ("Edith van der Berg", "Edith", "van der Berg", ""),
        ("Max Moritz von der Aue", "Max", "von der Aue", "Moritz"),
        ("John Smith Jr.", "John", "Smith Jr.", ""),
        ("John Smith, Jr.", "John", "Smith Jr.", ""),
        ("Mr. John Smith", "John", "Smith", ""),
        ("г-н Иванов Иван Иванович", "Иван", "Иванов", "Иванович"),
        ("Ada", "Ada", "", ""),
        ("", "", "", ""),
        ("  Ada   Kern ", "Ada", "Kern", ""),
        ("Ivanova Maria Petrovna", "Maria", "Ivanova", "Petrovna"),
        ("Dr.", "Dr.", "", ""),
        (", Ada", "Ada", "", ""),
    ],
)
def test_a_full_name_is_told_apart(full, first, last, second):
    assert tuple(split_full_name(full)) == (first, last, second)


@pytest.mark.parametrize(
    ("text", "titled"),
    [
        ("иванова мария", "Иванова Мария"),
        ("МАРИЯ-АННА", "Мария-Анна"),
        ("o'neil", "O'Neil"),
        ("O’NEIL", "O’Neil"),
        ("d'artagnan", "D'Artagnan"),
        ("МАР'ЯНА", "Мар'яна"),
        ("McDonald", "McDonald"),
        ("LUDWIG VAN BEETHOVEN", "Ludwig van Beethoven"),
        ("Ludwig Van Beethoven", "Ludwig Van Beethoven"),
        ("van der berg", "Van der Berg"),
        ("iVANOV", "Ivanov"),
        ("римский-корсаков", "Римский-Корсаков"),
        ("john smith III", "John Smith III"),
        ("алиев рашид мамед оглы", "Алиев Рашид Мамед оглы"),
        ("ß", "SS"),
        ("", ""),
        ("12 abc", "12 Abc"),
    ],
)
def test_names_get_their_capitals(text, titled):
    assert title(text) == titled


@given(st.text(max_size=60))
def test_no_text_whatever_breaks_names(text):
    assert all(isinstance(part, str) for part in split_full_name(text))
    assert isinstance(title(text), str)


@given(st.lists(st.sampled_from("Ада Керн Иван Петровна van der O'Neil Jr Мамед оглы Dr.".split()), max_size=6))
def test_no_word_of_a_name_is_lost_but_forms_of_address(words):
    found = sorted(" ".join(split_full_name(" ".join(words))).split())
    kept = [word for word in words if word != "Dr."]
    assert [word for word in found if word != "Dr."] == sorted(kept)
