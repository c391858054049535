"""One `question` element of Moodle XML: its texts in their formats, the files inside them."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from lms import text
from lms.exchange import markup
from lms.exchange.gathering import Gathering, number
from lms.exchange.xml import said

FORMATS = {"html": "html", "markdown": "markdown", "plain_text": "plain", "moodle_auto_format": "moodle"}
PLUGIN_FILE = "@@PLUGINFILE@@/"
DATA = "data:image/"


@dataclass
class Item:
    """A question element on its way, under the place by which remarks call it."""

    gathering: Gathering
    element: Element
    place: str
    pictures: dict[tuple[Element, str], str] = field(default_factory=dict)

    def say(self, key: str, **values: Any) -> None:
        """Something of this question is lost or doubtful."""
        self.gathering.remark(self.place, key, **values)

    def words(self, path: str, within: Element | None = None) -> str:
        """The text at a path as Markdown."""
        holder = (self.element if within is None else within).find(path)
        return self.words_of(holder) if holder is not None else ""

    def words_of(self, holder: Element, source: str | None = None) -> str:
        """The text of an element, or another in its format and with its files, as Markdown."""
        raw = raw_text(holder) if source is None else source
        form = FORMATS.get(holder.get("format", "html"), "html")
        if form == "html":
            found = markup.from_html(raw, picture=lambda address: self._picture(holder, address))
            return self.gathering.words(self.place, found)
        return self.gathering.formatted(self.place, self._placed(holder, raw), form)

    def said(self, path: str, within: Element | None = None) -> str:
        """The plain words at a path."""
        return said(self.element if within is None else within, path)

    def number(self, path: str, default: float, within: Element | None = None) -> float:
        """The number at a path."""
        found = number(self.said(path, within))
        return default if found is None else found

    def _picture(self, holder: Element, address: str) -> str:
        if address.startswith(PLUGIN_FILE):
            name = unquote(address.removeprefix(PLUGIN_FILE)).rpartition("/")[2]
            return self._file(holder, name)
        if address.startswith(DATA) and ";base64," in address[:60]:
            kind, _, data = address.removeprefix(DATA).partition(";base64,")
            return self._taken(f"hinh.{kind.partition('+')[0]}", data)
        return ""

    def _file(self, holder: Element, name: str) -> str:
        if (holder, name) not in self.pictures:
            files = (file for file in holder.iter("file") if text.clean(file.get("name", "")) == text.clean(name))
            file = next(files, None)
            self.pictures[holder, name] = self._taken(name, file.text or "") if file is not None else ""
        return self.pictures[holder, name]

    def _taken(self, name: str, data: str) -> str:
        try:
            content = base64.b64decode("".join(data.split()), validate=True)
        except (binascii.Error, ValueError):
            self.say("picture-broken", name=name)
            return ""
        return self.gathering.picture(self.place, name, content)

    def _placed(self, holder: Element, raw: str) -> str:
        """Markdown whose pictures lie in this file."""
        for file in holder.iter("file") if PLUGIN_FILE in raw else ():
            name = file.get("name", "")
            raw = raw.replace(PLUGIN_FILE + name, self._file(holder, name) or name)
        return raw


def raw_text(holder: Element) -> str:
    """What stands in an element's `text`, or in the element itself."""
    inner = holder.find("text")
    return "".join((holder if inner is None else inner).itertext())
