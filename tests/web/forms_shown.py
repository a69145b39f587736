"""The forms on a page as a browser would send them: every field by the name and the value that the page gives it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """Collects the fields of every form, by its address, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "form":
            self.forms.append((held.get("action") or "", {}))
        if not self.forms:
            return
        fields = self.forms[-1][1]
        name, value = held.get("name") or "", held.get("value") or ""
        match tag:
            case "input" if held.get("type") in ("radio", "checkbox"):
                if "checked" in held:
                    fields.setdefault(name, []).append(value)
            case "input" if name:
                fields.setdefault(name, []).append(value)
            case "textarea":
                fields.setdefault(name, []).append("")
            case "select":
                self._select = name
                fields[name] = [""]
            case "option" if "selected" in held:
                fields[self._select] = [value]


def form_of(text: str, action: str, with_field: str = "") -> dict[str, list[str]]:
    """What the form of that address sends, unchanged; the one with a field, where there are several."""
    parser = _Forms()
    parser.feed(text)
    return next(fields for to, fields in parser.forms if to == action and (not with_field or with_field in fields))
