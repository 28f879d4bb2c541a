"""Ways to get a file into the reader."""

from pathlib import Path

import openpyxl
import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture
def fixture_file():
    """The path of a fixture by its name."""
    return lambda name: FIXTURES / name


@pytest.fixture
def written(tmp_path):
    """Writes bytes or UTF-8 text to a file of that name and gives its path."""

    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    """Saves a workbook of the given rows; a function may change the sheet before."""

    def save(rows, change=None, name="contacts.xlsx"):
        book = openpyxl.Workbook()
        book.active.title = "Contacts"
        for row in rows:
            book.active.append(row)
        if change:
            change(book.active)
        path = tmp_path / name
        book.save(path)
        return path

    return save
