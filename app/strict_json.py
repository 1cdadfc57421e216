"""JSON as it comes from strangers: parsed strictly, so that no later code meets a surprise.

Refused, each with the field at fault: repeated names, NaN and infinity, whole numbers that other
programs cannot hold (beyond 2^53), NUL, half characters, nesting deeper than 20, and more values
than any honest body has.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.errors import Malformed

MAX_DEPTH = 20
MAX_INTEGER = 2**53
MAX_COMMAS = 20_000  # more values than any body of ours holds; each costs time to look at
#: Signs in the raw text that a value needs a closer look; most bodies show none of them.
_SUSPECT = re.compile(r"\\u|\d{16}|[eE]\+?\d{3}|NaN|Infinity")
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotJson(Malformed):
    code = "not-json"
    vi = "Nội dung gửi lên không phải JSON hợp lệ (UTF-8), lỗi ở ký tự thứ {position}."
    en = "What was sent is not valid JSON (UTF-8); it breaks at character {position}."


class TooDeep(Malformed):
    code = "too-deep"
    vi = "JSON lồng quá {most} tầng. Hãy gửi theo cấu trúc ở /api/docs."
    en = "This JSON is nested more than {most} levels deep. Send it as /api/docs shows."


class TooManyValues(Malformed):
    code = "too-many-values"
    vi = "JSON này có quá nhiều giá trị. Hãy chia ra và gửi từng phần."
    en = "This JSON holds too many values. Send it in smaller parts."


class RepeatedName(Malformed):
    code = "repeated-name"
    vi = "Mục này có hai lần trong cùng một đối tượng. Chỉ gửi một lần."
    en = "This name stands twice in one object. Send it once."


class BadNumber(Malformed):
    code = "bad-number"
    vi = "Con số này không dùng được: cần số hữu hạn, số nguyên không quá 2^53."
    en = "This number cannot be used: send a finite one, whole numbers up to 2^53."


class BadCharacter(Malformed):
    code = "bad-character"
    vi = "Có ký tự NUL hoặc ký tự bị hỏng. Hãy gõ lại đoạn này."
    en = "This holds a NUL or half of a character. Type it again."


class _Repeated(dict[str, Any]):
    """An object in which a name stood twice; it remembers which."""

    name: str


def loads(data: bytes | str, **_: Any) -> Any:
    """Parse, or raise one of the Malformed errors above."""
    text = _decoded(data)
    if text.count(",") > MAX_COMMAS:
        raise TooManyValues
    repeated: list[_Repeated] = []

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) == len(pairs):
            return built
        marked = _Repeated(built)
        marked.name = next(n for n, times in Counter(n for n, _ in pairs).items() if times > 1)
        repeated.append(marked)
        return marked

    try:
        value = json.loads(text, object_pairs_hook=build)
    except RecursionError:
        raise TooDeep(most=MAX_DEPTH) from None
    except json.JSONDecodeError as error:
        raise NotJson(position=error.pos + 1) from None
    except ValueError:  # a whole number of thousands of digits
        raise BadNumber from None
    if repeated or text.count("[") + text.count("{") > MAX_DEPTH or _SUSPECT.search(text):
        _look_closely(value)
    return value


def _decoded(data: bytes | str) -> str:
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(position=error.start + 1) from None


def _look_closely(value: Any) -> None:
    """Visit every value with its path, without recursion, and raise at the first bad one."""
    waiting: list[tuple[Any, str, int]] = [(value, "", 0)]
    while waiting:
        here, path, depth = waiting.pop()
        if isinstance(here, dict | list):
            if depth == MAX_DEPTH:
                raise TooDeep(field=_top(path), most=MAX_DEPTH)
            if isinstance(here, _Repeated):
                raise RepeatedName(field=_under(path, here.name))
            waiting.extend((inner, at, depth + 1) for inner, at in _members(here, path))
        else:
            _check_scalar(here, path)


def _members(holder: dict[str, Any] | list[Any], path: str) -> Iterator[tuple[Any, str]]:
    if isinstance(holder, list):
        yield from ((inner, _under(path, str(place))) for place, inner in enumerate(holder))
        return
    for name, inner in holder.items():
        _check_scalar(name, path)
        yield inner, _under(path, name)


def _check_scalar(value: Any, path: str) -> None:
    if isinstance(value, str):
        if "\x00" in value or _SURROGATE.search(value):
            raise BadCharacter(field=path)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise BadNumber(field=path)
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise BadNumber(field=path)


def _under(path: str, name: str) -> str:
    name = name[:100].replace("~", "~0").replace("/", "~1")
    return f"{path}/{name}" if path else name


def _top(path: str) -> str:
    return path.partition("/")[0]
