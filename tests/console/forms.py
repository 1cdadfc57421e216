"""Forms of a drawn page, and pictures to send with them."""

import re
from io import BytesIO

from PIL import Image


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form whose address ends like this."""
    found = re.search(rf'<form[^>]*action="[^"]*/{action}["?][^>]*>(.*?)</form>', page, re.DOTALL)
    assert found, f"no form to {action}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[1]))


def a_picture(
    left: str = "orange", right: str = "teal", size: tuple[int, int] = (800, 600)
) -> bytes:
    """A picture of two halves."""
    drawn = Image.new("RGB", size, right)
    drawn.paste(Image.new("RGB", (size[0] // 2, size[1]), left), (0, 0))
    out = BytesIO()
    drawn.save(out, "JPEG", quality=90)
    return out.getvalue()
