"""A form of a page as a browser would send it, untouched."""

import re
from html import unescape

from tests.console.conftest import Browser


def fields_of(browser: Browser, path: str) -> dict[str, str]:
    """What a form would send as it stands: inputs, areas, the chosen options, ticked boxes."""
    form = next(
        part
        for part in browser.get(path).text.split("<form")[1:]
        if 'class="form-card plain"' in part and 'name="seen"' in part
    ).split("</form>")[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said.get("type") not in {"checkbox", "radio"} or " checked" in tag:
            found[said["name"]] = unescape(said.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found
