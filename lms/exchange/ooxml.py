"""Opening a Word file safely: its XML parts and its pictures. No entity is resolved, nothing is fetched."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from lxml import etree

from lms import archives

MOST_FILES = 3000
MOST_BYTES = 160 * 1024 * 1024
MOST_XML = 60 * 1024 * 1024
DECLARED_WITHIN = 4096

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

Element: TypeAlias = Any
"""An element of lxml, which has no types."""


class UnreadableWord(ValueError):
    """A file that is no Word document which we can read; `key` is a message key after `exchange.`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class WordFile:
    """The parts of a Word file."""

    def __init__(self, content: bytes) -> None:
        try:
            self.files = archives.unzip(content, most_files=MOST_FILES, most_bytes=MOST_BYTES)
        except archives.UnsafeArchive as unsafe:
            raise UnreadableWord(unsafe.key.replace("archive.", "word-")) from unsafe
        self.main = self._main()
        self.folder = PurePosixPath(self.main).parent
        self.targets = dict(self._targets())

    @property
    def has_macros(self) -> bool:
        return any(name.endswith("vbaProject.bin") for name in self.files)

    def document(self) -> Element:
        """The root of the text. Raises `UnreadableWord`."""
        root = self.part(PurePosixPath(self.main).name)
        if root is None or root.tag != f"{W}document":
            raise UnreadableWord("word-no-text")
        return root

    def part(self, name: str) -> Element | None:
        """The root of a part beside the text, None when there is none. Raises `UnreadableWord`."""
        content = self.files.get(str(self.folder / name))
        return None if content is None else parsed(content)

    def target(self, relation: str) -> str:
        """The address or the path of a file that a relation of the text names."""
        return self.targets.get(relation, "")

    def picture(self, relation: str) -> bytes:
        """The content of a picture, empty when it is not in the file."""
        return self.files.get(self.target(relation), b"")

    def _main(self) -> str:
        for name in (
            "word/document.xml",
            *(n for n in self.files if n.startswith("word/document") and n.endswith(".xml")),
        ):
            if name in self.files:
                return name
        raise UnreadableWord("word-no-text")

    def _targets(self) -> Iterator[tuple[str, str]]:
        root = self.part(f"_rels/{PurePosixPath(self.main).name}.rels")
        for relation in () if root is None else root.iter(f"{RELATIONS}Relationship"):
            target, is_outside = relation.get("Target", ""), relation.get("TargetMode") == "External"
            inside = target.removeprefix("/") if target.startswith("/") else str(self.folder / target)
            yield relation.get("Id", ""), target if is_outside else inside


def parsed(content: bytes) -> Element:
    """The root of an XML text without entities. Raises `UnreadableWord`."""
    if len(content) > MOST_XML:
        raise UnreadableWord("word-too-large")
    for strict, usual in STRICT.items():
        content = content.replace(strict, usual)
    if b"<!DOCTYPE" in content[:DECLARED_WITHIN]:
        raise UnreadableWord("word-unsafe")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableWord("word-broken") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableWord("word-unsafe")
    return root


def value(element: Element | None, attribute: str = "val") -> str:
    """An attribute in Word's namespace, empty when there is none."""
    return "" if element is None else element.get(f"{W}{attribute}", "")


def is_on(properties: Element | None, name: str) -> bool | None:
    """A switch among properties: on, off, or not said."""
    found = None if properties is None else properties.find(f"{W}{name}")
    return None if found is None else value(found) not in ("0", "false", "off", "none")


def attributes(element: Element) -> Mapping[str, str]:
    """All attributes by their local names."""
    return {etree.QName(name).localname: words for name, words in element.attrib.items()}
