"""Reads back what was written: a CSV's lines, a workbook's cells, a PDF's words."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import pypdfium2

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Value = str | float | None


def csv_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def workbook(data: bytes) -> dict[str, list[list[Value]]]:
    """Sheets by name, as rows of cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = parsed(archive.read("xl/sharedStrings.xml"))
        words = ["".join(t.text or "" for t in one.iter(f"{_NS}t")) for one in root]
        book = parsed(archive.read("xl/workbook.xml"))
        names = [sheet.attrib["name"] for sheet in book.iter(f"{_NS}sheet")]
        return {
            name: _cells(archive.read(f"xl/worksheets/sheet{place}.xml"), words)
            for place, name in enumerate(names, 1)
        }


def parsed(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)  # noqa: S314 (we wrote it)


def _cells(data: bytes, words: list[str]) -> list[list[Value]]:
    rows = []
    for row in parsed(data).iter(f"{_NS}row"):
        cells: list[Value] = []
        for cell in row.iter(f"{_NS}c"):
            column = _column(cell.attrib["r"])
            cells += [None] * (column - len(cells))
            value = cell.find(f"{_NS}v")
            text = None if value is None else value.text
            shared = cell.attrib.get("t") == "s"
            cells.append(None if text is None else words[int(text)] if shared else float(text))
        rows.append(cells)
    return rows


def _column(reference: str) -> int:
    number = 0
    for letter in re.match(r"[A-Z]+", reference)[0]:  # type: ignore[index]
        number = number * 26 + ord(letter) - 64
    return number - 1


def pdf_text(data: bytes) -> str:
    """All pages' words, on one line."""
    document = pypdfium2.PdfDocument(data)
    try:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_range())
            text.close()
            page.close()
    finally:
        document.close()
    return re.sub(r"\s+", " ", " ".join(texts))
