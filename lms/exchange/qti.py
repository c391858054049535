"""Reading QTI 2.1, 2.2 and 3.0: an item, or a content package with its manifest. A remark's place is an item's file.

Specifications: 1EdTech QTI (imsglobal.org/question), IMS Content Packaging, IEEE LOM for what a manifest says of items.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from lms.archives import UnsafeArchive, unzip
from lms.exchange import encodings, qti_items
from lms.exchange.carried import Carried, Source
from lms.exchange.gathering import Gathering
from lms.exchange.html_pieces import Picture
from lms.exchange.qti_versions import plain_name
from lms.exchange.xml import UnreadableXml, parse, said

MANIFEST = "imsmanifest.xml"
SHOWN = 500
MOST_FILES, MOST_BYTES = 12_000, 200 * 1024 * 1024
LOOKS_SO = re.compile(
    rb"<(?:\w+:)?(?:assessmentItem|assessmentTest|qti-assessment-(?:item|test)|questestinterop|manifest)[\s>]"
)
OTHER_PACKAGES = (b"[Content_Types].xml", b"course.toml", b"opendocument", b"META-INF/")
DIFFICULTIES = {"very easy": "easy", "easy": "easy", "medium": "medium", "difficult": "hard", "very difficult": "hard"}
OUTCOME, TOPIC = "educational objective", "discipline"


@dataclass
class Entry:
    """An item of a package: its file, and what the manifest says about it."""

    path: str
    about: Element | None = None


def recognises(name: str, content: bytes) -> bool:
    """Whether a ZIP with a manifest, or XML that is an item."""
    if content.startswith(b"PK"):
        return MANIFEST.encode() in content or (
            b".xml" in content and not any(sign in content for sign in OTHER_PACKAGES)
        )
    return bool(LOOKS_SO.search(encodings.head(content)))


def read(name: str, content: bytes) -> Carried:
    """The questions of a QTI item or content package."""
    gathering = Gathering()
    try:
        files = (
            unzip(content, most_files=MOST_FILES, most_bytes=MOST_BYTES)
            if content.startswith(b"PK")
            else {name: content}
        )
    except UnsafeArchive as error:
        gathering.remark("", f"package-{error.key.partition('.')[2]}", is_error=True)
        return gathering.carried()
    for entry in _entries(gathering, files):
        _read_entry(gathering, entry, files)
    return gathering.carried()


def _entries(gathering: Gathering, files: Mapping[str, bytes]) -> list[Entry]:
    """The items in the order of the manifest; without one, every XML file."""
    manifest = next((path for path in sorted(files, key=len) if posixpath.basename(path) == MANIFEST), "")
    if not manifest:
        return [Entry(path) for path in sorted(files) if path.endswith(".xml") or len(files) == 1]
    root = _parsed(gathering, manifest, files[manifest])
    if root is None:
        return []
    gathering.title = said(root, "metadata/lom/general/title")
    for id, title in _taxons(root.find("metadata/lom"), TOPIC):
        gathering.topic(title, id)
    gathering.topic("")
    return list(_listed(gathering, root, posixpath.dirname(manifest), files))


def _listed(gathering: Gathering, root: Element, folder: str, files: Mapping[str, bytes]) -> Iterator[Entry]:
    for resource in root.iter("resource"):
        kind, href = resource.get("type", ""), unquote(resource.get("href", ""))
        place = resource.get("identifier", "")
        if kind.startswith("imsqti_test"):
            gathering.remark(href or place, "lost-test")
        elif kind.startswith("imsqti_xmlv1"):
            gathering.remark(href or place, "old-qti", is_error=True)
        elif kind.startswith("imsqti_item"):
            path = _path(folder, href)
            if not path:
                gathering.remark(place, "href-outside", is_error=True, href=href[:100])
            elif path not in files:
                gathering.remark(place, "file-missing", is_error=True, name=href[:100])
            else:
                yield Entry(path, resource.find("metadata/lom"))


def _path(folder: str, address: str) -> str:
    """The path in the package that a relative address means; empty when it leads out of it."""
    path = posixpath.normpath(posixpath.join(folder, address.partition("#")[0]))
    is_outside = ":" in address or "\\" in address or path.startswith(("..", "/")) or not address
    return "" if is_outside else path


def _parsed(gathering: Gathering, path: str, content: bytes) -> Element | None:
    try:
        return parse(content, plain_name)
    except UnreadableXml as error:
        gathering.remark(path, error.key, is_error=True, line=error.line)
        return None


def _read_entry(gathering: Gathering, entry: Entry, files: Mapping[str, bytes]) -> None:
    root = _parsed(gathering, entry.path, files[entry.path])
    if root is None:
        return
    if root.tag != "assessmentitem":
        gathering.remark(
            entry.path, "old-qti" if root.tag == "questestinterop" else "not-an-item", is_error=True, tag=root.tag
        )
        return
    labels = _labels(gathering, entry.about)
    gathering.source.append(Source(entry.path, said(root, "itembody")[:SHOWN]))
    qti_items.read(gathering, root, entry.path, _pictures(gathering, entry.path, files), labels)


def _pictures(gathering: Gathering, path: str, files: Mapping[str, bytes]) -> Picture:
    def picture(address: str) -> str:
        found = _path(posixpath.dirname(path), unquote(address))
        return gathering.picture(path, posixpath.basename(found), files[found]) if found in files else ""

    return picture


def _labels(gathering: Gathering, about: Element | None) -> list[str]:
    """What the manifest says of an item; its topic becomes the present one."""
    topics = _taxons(about, TOPIC)
    gathering.topic(topics[0][1] if topics else "", topics[0][0] if topics else "")
    labels = [f"outcome:{id}" for id, _ in _taxons(about, OUTCOME)[:1]]
    difficulty = DIFFICULTIES.get(said(about, "educational/difficulty/value").lower(), "")
    labels += [f"difficulty:{difficulty}"] if difficulty else []
    keywords = [] if about is None else about.findall("general/keyword")
    return labels + [said(part) for keyword in keywords for part in (list(keyword) or [keyword])]


def _taxons(about: Element | None, purpose: str) -> list[tuple[str, str]]:
    """(id, words) of what an item is classified under."""
    found = [] if about is None else about.findall("classification")
    paths = [
        path for each in found if said(each, "purpose/value").lower() == purpose for path in each.findall("taxonpath")
    ]
    return [(said(taxon, "id"), said(taxon, "entry")) for path in paths for taxon in path.findall("taxon")[-1:]]
