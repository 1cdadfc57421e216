"""The sentences of field errors: marshmallow's terse English turned into advice, in both languages.

A schema of ours may also speak for itself: `ValidationError(both(vi, en))`. What is not in the
table keeps its English in both languages; a test holds the table against marshmallow's own list.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Both(str):
    """A sentence that knows its Vietnamese twin; as a plain string it is the English one."""

    vi: str

    def __new__(cls, vi: str, en: str) -> "Both":
        sentence = super().__new__(cls, en)
        sentence.vi = vi
        return sentence

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return self.vi, str(self)  # for copies


def both(vi: str, en: str) -> Both:
    """For validators: `raise ValidationError(both("Chọn ngày khác.", "Choose another day."))`."""
    return Both(vi, en)


class FieldError(NamedTuple):
    """What is wrong with one field. The path reads like a JSON pointer without its first slash."""

    field: str
    sentence: Both


#: marshmallow's message, then what to say in Vietnamese and in English.
_TABLE: tuple[tuple[str, str, str], ...] = (
    (
        r"Missing data for required field\.",
        "Thiếu mục này. Hãy điền vào.",
        "This is missing. Fill it in.",
    ),
    (
        r"Field may not be null\.",
        "Không được để null. Hãy điền hoặc bỏ hẳn mục này.",
        "This may not be null. Fill it in, or leave the field out.",
    ),
    (
        r"Unknown field\.",
        "Không có mục nào tên như vậy. Hãy bỏ đi hoặc xem lại chính tả.",
        "There is no field of this name. Leave it out, or check its spelling.",
    ),
    (
        r"Invalid (?:input )?type\.|Not a valid mapping type\.",
        "Cần một đối tượng JSON {{…}}.",
        "Send a JSON object {{…}} here.",
    ),
    (r"Not a valid (?:list|tuple)\.", "Cần một danh sách […].", "Send a list […] here."),
    (r"Not a valid string\.", "Cần một đoạn chữ trong ngoặc kép.", "Send text here, in quotes."),
    (r"Not a valid utf-8 string\.", "Chữ phải theo mã UTF-8.", "Text must be in UTF-8."),
    (
        r"Not a valid UUID\.",
        "Cần một UUID, ví dụ 6f1e8a52-7c1d-4d7e-9a55-0c8f1b9f3a10.",
        "Send a UUID, such as 6f1e8a52-7c1d-4d7e-9a55-0c8f1b9f3a10.",
    ),
    (r"Not a valid number\.", "Cần một con số.", "Send a number here."),
    (r"Not a valid integer\.", "Cần một số nguyên.", "Send a whole number here."),
    (r"Number too large\.", "Số này quá lớn.", "This number is too large."),
    (
        r"Special numeric values \(nan or infinity\) are not permitted\.",
        "Cần một con số hữu hạn.",
        "Send a finite number.",
    ),
    (r"Not a valid boolean\.", "Chỉ nhận true hoặc false.", "Send true or false."),
    (
        r"Not a valid (?:aware |naive )?datetime\.",
        "Cần thời điểm có múi giờ, ví dụ 2026-11-21T07:30:00+07:00.",
        "Send a moment with its zone, such as 2026-11-21T07:30:00+07:00.",
    ),
    (r"Not a valid date\.", "Cần một ngày, ví dụ 2026-11-21.", "Send a date, such as 2026-11-21."),
    (
        r"Not a valid time\.",
        "Cần một giờ trong ngày, ví dụ 07:30.",
        "Send a time of day, such as 07:30.",
    ),
    (
        r"Not a valid period of time\.",
        "Cần một khoảng thời gian tính bằng số.",
        "Send a length of time, as a number.",
    ),
    (
        r".*cannot be formatted as a .*",
        "Không đọc được ngày giờ này.",
        "This date or time cannot be read.",
    ),
    (
        r"Not a valid URL\.",
        "Cần một địa chỉ web bắt đầu bằng https://.",
        "Send a web address that begins with https://.",
    ),
    (
        r"Not a valid email address\.",
        "Địa chỉ email này chưa đúng.",
        "This is not an e-mail address. Check it.",
    ),
    (
        r"Not a valid IP(?:v4|v6)? (?:address|interface)\.",
        "Cần một địa chỉ IP.",
        "Send an IP address.",
    ),
    (
        r"Must be one of: (?P<choices>.*)\.",
        "Chỉ nhận một trong: {choices}.",
        "Choose one of: {choices}.",
    ),
    (
        r"One or more of the choices you made was not in: (?P<choices>.*)\.",
        "Chỉ nhận những giá trị: {choices}.",
        "Choose among: {choices}.",
    ),
    (
        r"One or more of the choices you made was in: (?P<choices>.*)\.",
        "Không nhận những giá trị: {choices}.",
        "These are not accepted: {choices}.",
    ),
    (r"Must be equal to (?P<other>.*)\.", "Phải bằng {other}.", "This must be {other}."),
    (
        r"Must be greater than or equal to (?P<low>\S+) and less than or equal to (?P<high>\S+)\.",
        "Cần một số từ {low} đến {high}.",
        "Send a number from {low} to {high}.",
    ),
    (
        r"Must be greater than (?:or equal to )?(?P<low>\S+)"
        r" and less than (?:or equal to )?(?P<high>\S+)\.",
        "Cần một số giữa {low} và {high}.",
        "Send a number between {low} and {high}.",
    ),
    (
        r"Must be greater than or equal to (?P<low>\S+)\.",
        "Nhỏ nhất là {low}.",
        "The least is {low}.",
    ),
    (
        r"Must be greater than (?P<low>\S+)\.",
        "Phải lớn hơn {low}.",
        "This must be more than {low}.",
    ),
    (
        r"Must be less than or equal to (?P<high>\S+)\.",
        "Lớn nhất là {high}.",
        "The most is {high}.",
    ),
    (
        r"Must be less than (?P<high>\S+)\.",
        "Phải nhỏ hơn {high}.",
        "This must be less than {high}.",
    ),
    (
        r"Shorter than minimum length (?P<low>\d+)\.",
        "Quá ngắn: ít nhất {low} (ký tự hoặc mục).",
        "Too short: at least {low} (characters or items).",
    ),
    (
        r"Longer than maximum length (?P<high>\d+)\.",
        "Quá dài: nhiều nhất {high} (ký tự hoặc mục).",
        "Too long: at most {high} (characters or items).",
    ),
    (
        r"Length must be between (?P<low>\d+) and (?P<high>\d+)\.",
        "Độ dài phải từ {low} đến {high} (ký tự hoặc mục).",
        "The length must be from {low} to {high} (characters or items).",
    ),
    (
        r"Length must be (?P<low>\d+)\.",
        "Độ dài phải đúng {low} (ký tự hoặc mục).",
        "The length must be {low} (characters or items).",
    ),
    (
        r"String does not match expected pattern\.",
        "Chưa đúng mẫu. Xem mô tả mục này tại /api/docs.",
        "This does not have the right form. See the field at /api/docs.",
    ),
    (
        r"Invalid (?:value|input)\.",
        "Giá trị này không dùng được. Xem mô tả mục này tại /api/docs.",
        "This value does not fit. See the field at /api/docs.",
    ),
)
_PATTERNS = [(re.compile(pattern, re.DOTALL), vi, en) for pattern, vi, en in _TABLE]


def translate(message: str) -> Both:
    """Marshmallow's message as advice in both languages; a `Both` passes as it is."""
    if isinstance(message, Both):
        return message
    for pattern, vi, en in _PATTERNS:
        if found := pattern.fullmatch(message):
            facts = found.groupdict()
            return Both(vi.format(**facts), en.format(**facts))
    return Both(message, message)


def field_errors(messages: Any, path: str = "") -> Iterator[FieldError]:
    """Walk marshmallow's nested messages; each leaf becomes one FieldError.

    `{"photos": {3: ["Not a valid UUID."]}}` gives the field `photos/3`. Messages about the whole
    body stand under the empty path.
    """
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            here = (
                path if key == "_schema" else f"{path}/{_escaped(key)}" if path else _escaped(key)
            )
            yield from field_errors(inner, here)
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from field_errors(inner, path)
    else:
        yield FieldError(path, translate(messages if isinstance(messages, str) else str(messages)))


def _escaped(key: object) -> str:
    """As in RFC 6901, and bounded: an unknown field's name comes from a stranger."""
    return str(key)[:100].replace("~", "~0").replace("/", "~1")
