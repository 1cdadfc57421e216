"""Reading and writing a city's JSON files: strictly, and one row a line so that diffs read well."""

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reports.city.faults import BadFile, Fault

LARGEST = 512 * 1024 * 1024  # bytes, unpacked: all the communes of a country fit many times over

Json = dict[str, Any]


def read_text(path: Path) -> bytes:
    """The bytes of a file, unpacked when its name ends in .gz."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _bad(path, "không có tệp này.", "there is no such file.") from None
    except IsADirectoryError:
        raise _bad(path, "đây là thư mục, không phải tệp.", "this is a folder.") from None
    except (OSError, EOFError) as error:
        raise _bad(path, f"không đọc được ({error}).", f"it cannot be read ({error}).") from None
    if len(data) > LARGEST:
        raise _bad(path, "tệp lớn quá 512 MB.", "it is larger than 512 MB.")
    return data


def read_json(path: Path, kind: str) -> Json:
    """An object that says `"format": "xom-<kind>/1"`; repeated keys and NaN are refused."""
    content = parse(path, read_text(path))
    if content.get("format") != f"xom-{kind}/1":
        raise _bad(
            path,
            f'cần "format": "xom-{kind}/1" ở đầu tệp.',
            f'it must say "format": "xom-{kind}/1".',
            "format",
        )
    return content


def parse(path: Path, data: bytes) -> Json:
    try:
        content = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except UnicodeDecodeError:
        raise _bad(path, "tệp không phải UTF-8.", "it is not UTF-8.") from None
    except json.JSONDecodeError as error:
        spot = f"{error.lineno}:{error.colno}"
        raise _bad(
            path, f"JSON sai ở dòng:cột {spot}.", f"it is not JSON, at line:column {spot}."
        ) from None
    except _Refused as error:
        raise _bad(path, *error.args) from None
    except RecursionError:
        raise _bad(path, "JSON lồng quá sâu.", "its JSON is nested too deeply.") from None
    if not isinstance(content, dict):
        raise _bad(path, "cần một nhóm {…} ở ngoài cùng.", "its outermost part must be an object.")
    return content


def rows_of(path: Path, content: Json, key: str) -> list[Any]:
    rows = content.get(key)
    if not isinstance(rows, list):
        raise _bad(path, f"cần danh sách “{key}”.", f"it needs the list “{key}”.", key)
    if not rows:
        raise _bad(path, f"danh sách “{key}” rỗng.", f"the list “{key}” is empty.", key)
    return rows


def write_rows(path: Path, head: Mapping[str, Any], lists: Mapping[str, Iterable[Json]]) -> None:
    """`head` first, then each list with one row a line."""
    parts = [f"  {_json(key)}: {_json(value)}" for key, value in head.items()]
    for key, rows in lists.items():
        inner = ",\n".join(f"    {_json(row)}" for row in rows)
        parts.append(f"  {_json(key)}: [\n{inner}\n  ]")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class _Refused(Exception):
    """A sentence in both languages, on the way out of the JSON parser."""


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Refused(f"“{twice}” ghi hai lần.", f"“{twice}” is given twice.")
    return found


def _no_constant(name: str) -> None:
    raise _Refused(f"{name} không phải là số dùng được.", f"{name} is not a usable number.")


def _bad(path: Path, vi: str, en: str, field: str | None = None) -> BadFile:
    return BadFile([Fault(vi, en, file=path.name, field=field)])
