"""A Word file as blocks: what Word shows, in the order in which it shows it, and remarks on what it cannot be asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from lms.exchange import numbering, old_fonts
from lms.exchange.carried import Remark
from lms.exchange.ooxml import Element, R, W, WordFile, attributes, is_on, value
from lms.exchange.paragraphs import Block, Document, Paragraph, Span, Table, paragraphs, tidy
from lms.exchange.pictures import NAME, BadPicture, fitting
from lms.exchange.word_styles import BY_ID, STYLES

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
V = "{urn:schemas-microsoft-com:vml}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
SVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"
OURS = "{urn:thao-so:original}"

TRANSPARENT = {
    f"{W}{name}" for name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo")
}
SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
HEADING = re.compile(r"heading ([1-9])")
LINK = re.compile(r"https://\S+|\d\d-[a-z0-9-]+\.md|media/\S+")
BLACK = 60


def read(content: bytes) -> tuple[Document, list[Remark]]:
    """The document in a Word file, and what is to be said of it. Raises `UnreadableWord`."""
    reader = _Reader(WordFile(content))
    return reader.document(), reader.remarks


@dataclass
class _Style:
    """What a style of the document says: what paragraphs of it are, at which level, in which list."""

    code: str = ""
    level: int = 0
    list: tuple[str, int] | None = None
    run: Element | None = None


@dataclass
class _Reader:
    """Walks through the XML. `remarks` says each thing once for each paragraph."""

    file: WordFile
    remarks: list[Remark] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    count: int = 0
    place: str = ""
    inside: str = ""
    floating: list[Element] = field(default_factory=list)
    looks: dict[tuple[bytes, int], tuple[Span, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.numbering = numbering.read(self.file.part("numbering.xml"))
        self.styles = _styles(self.file.part("styles.xml"))
        notes = self.file.part("footnotes.xml")
        self.notes = {} if notes is None else {value(note, "id"): note for note in notes.iter(f"{W}footnote")}

    def document(self) -> Document:
        if self.file.has_macros:
            self.say("word-macros")
        root = self.file.document()
        body = root.find(f"{W}body")
        if body is not None and (body.find(f".//{W}ins") is not None or body.find(f".//{W}del") is not None):
            self.say("word-tracked")
        if body is not None and body.find(f".//{W}commentReference") is not None:
            self.say("word-comments")
        return Document(list(self.blocks(body)) if body is not None else [], self.media)

    def say(self, key: str, *, is_error: bool = False, **values: object) -> None:
        remark = Remark(self.place, key, values, is_error)
        if remark not in self.remarks[-10:]:
            self.remarks.append(remark)

    def blocks(self, parent: Element) -> Iterator[Block]:
        for child in parent:
            if child.tag == f"{W}p":
                yield from self.paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self.table(child)
            elif child.tag in TRANSPARENT:
                yield from self.blocks(child)
            elif child.tag == f"{MC}AlternateContent":
                yield from self.blocks(_chosen(child))

    def paragraph(self, element: Element) -> Iterator[Block]:
        """The paragraph, and after it the text boxes that hang on it."""
        self.place = self.inside or str(self.count + 1)
        properties = element.find(f"{W}pPr")
        style = self.styles.get(value(None if properties is None else properties.find(f"{W}pStyle")), _Style())
        spans = tidy(self.spans(element, style.run))
        boxes, self.floating = self.floating, []
        level, label = style.level, ""
        if properties is not None or style.list:
            level, label = self.listed(properties, style)
        if spans:
            self.count += 1
            self.check_letters("".join(span.text for span in spans))
            yield Paragraph(spans, style.code or ("list" if label else ""), level, label, self.place)
        for box in boxes:
            self.say("word-text-box")
            yield from self.blocks(box)

    def listed(self, properties: Element | None, style: _Style) -> tuple[int, str]:
        """The level and the label that Word gives to a paragraph."""
        own = None if properties is None else properties.find(f"{W}numPr")
        outline = value(None if properties is None else properties.find(f"{W}outlineLvl"))
        level = int(outline) + 1 if outline.isdigit() and int(outline) < 9 else style.level
        number, depth = style.list or ("", 0)
        if own is not None:
            number = value(own.find(f"{W}numId")) or number
            said = value(own.find(f"{W}ilvl"))
            depth = int(said) if said.isdigit() else depth
        label = self.numbering.label(number, depth) if number and number != "0" else ""
        return (level if style.code.startswith("heading") else depth if label else level), label

    def table(self, element: Element) -> Iterator[Block]:
        self.count += 1
        here = str(self.count)
        rows: list[list[list[Paragraph]]] = []
        for row_number, row in enumerate(element.iter(f"{W}tr"), start=1):
            if _nearest(row, f"{W}tbl") is not element:
                continue
            cells: list[list[Paragraph]] = []
            for cell in row.iter(f"{W}tc"):
                if _nearest(cell, f"{W}tbl") is element:
                    cells.append(list(self.cell(cell, f"{here}.{row_number}.{len(cells) + 1}")))
                    cells += [[] for _ in range(_spanned(cell) - 1)]
            rows.append(cells)
        self.place, self.count = self.inside or here, int(here)
        if element.find(f".//{W}tbl") is not None:
            self.say("word-nested-table")
        if element.find(f".//{W}vMerge") is not None or element.find(f".//{W}gridSpan") is not None:
            self.say("word-merged-cells")
        width = max(map(len, rows), default=0)
        filled = [row + [[] for _ in range(width - len(row))] for row in rows]
        if any(cell for row in filled for cell in row):
            yield Table(filled, self.inside or here)

    def cell(self, cell: Element, place: str) -> Iterator[Paragraph]:
        before, self.inside = self.inside, self.inside or place
        for block in self.blocks(cell):
            yield from (replace(paragraph, place=self.inside) for paragraph in paragraphs(block))
        self.inside = before

    def spans(self, element: Element, style: Element | None = None, link: str = "") -> Iterator[Span]:
        for child in element:
            if child.tag == f"{W}r":
                yield from self.run(child, style, link)
            elif child.tag == f"{W}hyperlink":
                yield from self.spans(child, style, self.address(child))
            elif child.tag in TRANSPARENT:
                yield from self.spans(child, style, link)
            elif child.tag == f"{MC}AlternateContent":
                yield from self.spans(_chosen(child), style, link)
            elif child.tag in (f"{M}oMath", f"{M}oMathPara"):
                self.say("word-equation")
                yield Span("".join(child.itertext()))

    def address(self, link: Element) -> str:
        """The address of a link that lessons may have."""
        target = self.file.target(link.get(f"{R}id", ""))
        if target and not LINK.fullmatch(target):
            self.say("word-link", address=target[:100])
            return ""
        return target

    def run(self, run: Element, style: Element | None, link: str) -> Iterator[Span]:
        properties = run.find(f"{W}rPr")
        if is_on(properties, "vanish"):
            self.say("word-hidden")
            return
        look, is_old = self.look(properties, style)
        if link:
            look = look._replace(link=link)
        if is_old and old_fonts.needs_font("".join(t.text or "" for t in run.iter(f"{W}t"))):
            self.say("word-old-font", is_error=True)
        for child in run:
            if child.tag == f"{W}t":
                yield look._replace(text=child.text or "")
            elif child.tag in SIGNS:
                yield look._replace(text="" if value(child, "type") in ("page", "column") else SIGNS[child.tag])
            elif child.tag == f"{W}footnoteReference" and value(child, "id") in self.notes:
                words = "".join(t.text or "" for t in self.notes[value(child, "id")].iter(f"{W}t")).strip()
                yield Span(f" ({words})" if words else "")
            elif child.tag == f"{MC}AlternateContent":
                yield from self.drawn(_chosen(child))
            elif child.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                yield from self.drawn(child)

    def look(self, properties: Element | None, style: Element | None) -> tuple[Span, bool]:
        """How a run looks, and whether its font is an old one; a document has few looks and many runs."""
        key = (b"" if properties is None else etree.tostring(properties), id(style))
        if key not in self.looks:
            fonts = None if properties is None else properties.find(f"{W}rFonts")
            is_old = fonts is not None and any(map(old_fonts.is_font, attributes(fonts).values()))
            self.looks[key] = _look(properties, style), is_old
        return self.looks[key]

    def drawn(self, element: Element) -> Iterator[Span]:
        """The picture in a drawing; a text box is kept for after the paragraph."""
        boxes = list(element.iter(f"{W}txbxContent"))
        self.floating += boxes
        blip = next(element.iter(f"{A}blip"), None)
        old = next(element.iter(f"{V}imagedata"), None)
        if blip is not None:
            original = next(blip.iter(f"{OURS}picture", f"{SVG}svgBlip"), blip)
            relation = original.get(f"{R}embed", "") or blip.get(f"{R}embed", "")
            yield from self.picture(relation, next(element.iter(f"{WP}docPr"), None))
        elif old is not None:
            yield from self.picture(old.get(f"{R}id", ""), next(element.iter(f"{V}shape"), None))
        elif not boxes:
            self.say("word-drawing")

    def picture(self, relation: str, about: Element | None) -> Iterator[Span]:
        """A picture with the words that describe it; without them it is left out and said."""
        known = attributes(about) if about is not None else {}
        words = " ".join((known.get("descr") or known.get("alt") or "").replace("[", "(").replace("]", ")").split())
        name = known.get("name", "")
        try:
            ending, content = fitting(self.file.picture(relation))
        except BadPicture as bad:
            self.say(bad.key, is_error=True)
            return
        if not words and not NAME.fullmatch(name):
            self.say("picture-without-words", is_error=True)
            return
        path = f"media/{name}" if NAME.fullmatch(name) else self.named(content, ending)
        self.media[path] = content
        yield Span(words, picture=path, caption=" ".join(known.get("title", "").replace('"', "”").split()))

    def named(self, content: bytes, ending: str) -> str:
        known = next((path for path, kept in self.media.items() if kept == content), "")
        return known or f"media/hinh-{len(self.media) + 1:02}{ending}"

    def check_letters(self, words: str) -> None:
        if STYLES["question"].id not in self.styles and old_fonts.looks_old(words):
            self.say("word-old-font", is_error=True)


def _styles(root: Element | None) -> dict[str, _Style]:
    if root is None:
        return {}
    elements = {value(style, "styleId"): style for style in root.iter(f"{W}style")}
    return {id: _style(id, elements) for id in elements}


def _style(id: str, elements: dict[str, Element]) -> _Style:
    """A style with what it takes over from those it is based on."""
    found = _Style(BY_ID.get(id, ""))
    if found.code in ("heading-1", "heading-2", "heading-3"):
        found = _Style("heading", int(found.code[-1]))
    seen: set[str] = set()
    while id in elements and id not in seen:
        seen.add(id)
        element = elements[id]
        name = value(element.find(f"{W}name")).lower()
        if not found.code and (heading := HEADING.fullmatch(name)):
            found.code, found.level = "heading", int(heading[1])
        elif not found.code and name in ("title", "caption"):
            found.code = name
        properties = element.find(f"{W}pPr")
        outline = value(None if properties is None else properties.find(f"{W}outlineLvl"))
        if not found.code and outline.isdigit() and int(outline) < 9:
            found.code, found.level = "heading", int(outline) + 1
        listed = None if properties is None else properties.find(f"{W}numPr")
        if found.list is None and listed is not None and listed.find(f"{W}numId") is not None:
            level = value(listed.find(f"{W}ilvl"))
            found.list = (value(listed.find(f"{W}numId")), int(level) if level.isdigit() else 0)
        if found.run is None and not found.code:
            found.run = element.find(f"{W}rPr")
        id = value(element.find(f"{W}basedOn"))
    return found


def _look(properties: Element | None, style: Element | None) -> Span:
    if properties is None:
        return Span("", bool(is_on(style, "b")), bool(is_on(style, "i"))) if style is not None else Span("")
    bold, italic = is_on(properties, "b"), is_on(properties, "i")
    kind = BY_ID.get(value(properties.find(f"{W}rStyle")), "")
    return Span(
        "",
        is_bold=bool(is_on(style, "b") if bold is None else bold),
        is_italic=bool(is_on(style, "i") if italic is None else italic),
        is_code=kind == "code",
        is_raw=kind == "raw",
        is_marked=_is_marked(properties),
    )


def _is_marked(properties: Element) -> bool:
    """Underlined, highlighted, or in a colour that is no shade of grey."""
    if is_on(properties, "u") or value(properties.find(f"{W}highlight")) not in ("", "none", "white"):
        return True
    fill = value(properties.find(f"{W}shd"), "fill")
    return _is_colour(value(properties.find(f"{W}color"))) or (_is_colour(fill) and fill.upper() != "FFFFFF")


def _is_colour(words: str) -> bool:
    try:
        red, green, blue = bytes.fromhex(words)
    except ValueError:
        return False
    return max(red, green, blue) - min(red, green, blue) > BLACK


def _chosen(alternatives: Element) -> Element:
    """Of the ways to say a thing, the first one."""
    choice = alternatives.find(f"{MC}Choice")
    if choice is None:
        choice = alternatives.find(f"{MC}Fallback")
    return alternatives if choice is None else choice


def _nearest(element: Element, tag: str) -> Element | None:
    return next(element.iterancestors(tag), None)


def _spanned(cell: Element) -> int:
    span = value(cell.find(f"{W}tcPr/{W}gridSpan"))
    return min(int(span), 60) if span.isdigit() else 1
