"""XML of others, read safely: no entities, nothing from outside, no bottomless nesting; and written without surprises."""

import re
from collections.abc import Callable
from html import unescape
from xml.etree.ElementTree import Element, ParseError, SubElement, TreeBuilder, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from lms import text

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
DEEPEST = 100
NOT_XML = re.compile("[\ufffe\uffff]")


class UnreadableXml(ValueError):
    """XML that is broken or made to do harm; `key` is a message key after `exchange.`."""

    def __init__(self, key: str, line: int = 1) -> None:
        super().__init__(key)
        self.key, self.line = key, line


class _Builder(TreeBuilder):
    """Builds a tree whose names are without namespaces, as `rename` spells them."""

    def __init__(self, rename: Callable[[str], str]) -> None:
        super().__init__()
        self.depth, self.rename = 0, rename
        self.names: dict[str, str] = {}

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnreadableXml("xml-too-deep")
        return super().start(self._local(tag), {self._local(name): value for name, value in attrs.items()})

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(self._local(tag))

    def _local(self, name: str) -> str:
        local = self.names.get(name)
        if local is None:
            local = self.names[name] = self.rename(name.rpartition("}")[2])
        return local


def parse(content: bytes, rename: Callable[[str], str] = str) -> Element:
    """The tree of an XML file. Raises `UnreadableXml`."""
    parser = DefusedXMLParser(target=_Builder(rename), forbid_entities=True, forbid_external=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise UnreadableXml("xml-entities") from error
    except ParseError as error:
        raise UnreadableXml("xml-broken", error.position[0]) from error
    except (LookupError, ValueError) as error:
        if isinstance(error, UnreadableXml):
            raise
        raise UnreadableXml("xml-encoding") from error
    return root


def said(element: Element | None, path: str = "", default: str = "") -> str:
    """The text of an element, or of the one at a path in it, as one clean line."""
    found = element.find(path) if element is not None and path else element
    return text.clean("".join(found.itertext())) if found is not None else default


def add(parent: Element, tag: str, words: str = "", **attributes: str) -> Element:
    """A new last child. An attribute's trailing underscore is dropped."""
    child = SubElement(parent, tag, {name.rstrip("_"): NOT_XML.sub("", value) for name, value in attributes.items()})
    child.text = NOT_XML.sub("", words) or None
    return child


def add_inline(parent: Element, xhtml: str) -> None:
    """Append XHTML of our own making (`markup.html`) to what an element holds."""
    if "<" in xhtml:
        fragment = parse(f"<x>{NOT_XML.sub('', xhtml)}</x>".encode())
        words, children = fragment.text or "", list(fragment)
    else:
        words, children = unescape(NOT_XML.sub("", xhtml)), []
    last = parent[-1] if len(parent) else None
    if last is None:
        parent.text = (parent.text or "") + words
    else:
        last.tail = (last.tail or "") + words
    parent.extend(children)


def written(root: Element) -> bytes:
    """The file of a tree."""
    made: str = tostring(root, encoding="unicode")
    return f"{DECLARATION}\n{made}\n".encode()
