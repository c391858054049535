"""Paragraphs and tables as a Word file: questions and lessons in styles of ours, an appendix for what they cannot say."""

import re
import struct
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from html import escape as escaped_html
from pathlib import PurePosixPath

from lms import archives, text
from lms.catalogue.content import Lesson
from lms.exchange import inline, lesson_text
from lms.exchange.answers import written
from lms.exchange.notation import spelling
from lms.exchange.numbering import BULLET
from lms.exchange.paragraphs import Block, Paragraph, Span, Spans, Table
from lms.exchange.parts import Parts
from lms.exchange.pictures import NAME
from lms.exchange.rest import Entry
from lms.exchange.word_styles import STYLES

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{MAIN}" xmlns:r="{RELATION}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHOWN_BY_WORD = (".png", ".jpg", ".jpeg")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EMU = 9525
WIDEST = 560
FIELDS = (
    "type", "answer", "right_feedback", "wrong_feedback", "forgive", "tolerance", "unit", "extra", "most_words", "topic",
    "difficulty", "outcome", "points", "id", "excludes", "variants", "author", "licence", "source",
)  # fmt: skip
TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}


def words(value: str) -> Spans:
    """Plain words as they are."""
    return (Span(value),) if value else ()


def question(parts: Parts, number: int, media: Container[str]) -> Iterator[Block]:
    """A question in paragraphs."""
    yield _labelled(f"{spelling('paper', 'question')} {number}. ", _spans(parts.text, media), "question")
    for choice in parts.choices:
        yield _labelled(f"{choice.letter}. ", _spans(choice.text, media), "option")
    if parts.pairs:
        rows = [(spelling("paper", "left"), spelling("paper", "right")), *parts.pairs]
        yield Table([[[Paragraph(_spans(cell, media))] for cell in row] for row in rows])
    for choice in parts.choices:
        if choice.feedback:
            yield _field("option_feedback", _spans(choice.feedback, media), f" {choice.letter}")
    for name, said in parts.gaps.items():
        for code, value in said.items():
            yield _field(code, words(value), f" {name}")
    for criterion, points in parts.rubric:
        yield _field("rubric", (*_spans(criterion, media), Span(f": {written(points)} {spelling('paper', 'point')}")))
    for code in FIELDS:
        if value := parts.fields.get(code, ""):
            yield _field(code, _spans(value, media) if code.endswith("feedback") else words(value))


def lesson(lesson: Lesson, media: Mapping[str, bytes]) -> Iterator[Block]:
    """A lesson in paragraphs."""
    yield Paragraph(words(lesson.title), "heading", 1)
    said = {
        "slug": lesson.slug,
        "minutes": str(lesson.minutes),
        "outcomes": ", ".join(lesson.outcomes),
        "summary": lesson.summary,
    }
    for code, value in said.items():
        if value:
            yield Paragraph(words(f"{spelling('lesson', code)}: {value}"), "lesson-field")
    yield from lesson_text.blocks(lesson.text, media)


def appendix(entries: Sequence[Entry], pictures: Sequence[str]) -> Iterator[Block]:
    """What the paragraphs could not say, and the pictures that stand in none of them."""
    if not entries and not pictures:
        return
    yield Paragraph(words(spelling("paper", "rest")), "rest")
    yield Paragraph(words(spelling("paper", "rest_note")), "rest")
    for path in pictures:
        yield Paragraph((Span("", picture=path),), "rest")
    heads = [spelling("paper", f"rest_{name}") for name in ("code", "field", "value", "mark")]
    rows = [heads, *([e.code, e.kind, e.value, e.mark] for e in entries)]
    yield Table([[[Paragraph(words(cell), "rest")] for cell in row] for row in rows])


def write(blocks: Sequence[Block], media: Mapping[str, bytes], title: str) -> bytes:
    """The bytes of the Word file."""
    return _Writer(media).file(blocks, title)


class _Writer:
    """Collects what the text refers to while it writes the text."""

    def __init__(self, media: Mapping[str, bytes]) -> None:
        self.media = media
        self.relations: list[tuple[str, str, bool]] = []
        self.pictures = 0
        self.lists = 0
        self.files: dict[str, bytes] = {}

    def file(self, blocks: Sequence[Block], title: str) -> bytes:
        body = "".join(self.block(block) for block in blocks)
        edges = '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1417"/>'
        page = f'<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>{edges}</w:sectPr>'
        parts = {
            "[Content_Types].xml": _types(),
            "_rels/.rels": _relations([("officeDocument", "word/document.xml", False)]),
            "word/document.xml": f"{HEAD}<w:document {SPACES}><w:body>{body}{page}</w:body></w:document>",
            "word/styles.xml": _styles(),
            "word/numbering.xml": _numbering(self.lists),
            "word/_rels/document.xml.rels": _relations(
                [("styles", "styles.xml", False), ("numbering", "numbering.xml", False), *self.relations]
            ),
        }
        return archives.zipped({path: part.encode() for path, part in parts.items()} | self.files)

    def block(self, block: Block) -> str:
        return self.table(block) if isinstance(block, Table) else self.paragraph(block)

    def table(self, table: Table) -> str:
        edge = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="A6A6A6"/>' for side in
                       ("top", "left", "bottom", "right", "insideH", "insideV"))  # fmt: skip
        rows = "".join(
            "<w:tr>"
            + "".join(f"<w:tc>{''.join(map(self.paragraph, cell)) or '<w:p/>'}</w:tc>" for cell in row)
            + "</w:tr>"
            for row in table.rows
        )
        grid = "<w:gridCol/>" * max(map(len, table.rows), default=0)
        properties = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edge}</w:tblBorders></w:tblPr>'
        return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl><w:p/>"

    def paragraph(self, paragraph: Paragraph) -> str:
        code = f"heading-{paragraph.level}" if paragraph.style == "heading" else paragraph.style
        properties = f'<w:pStyle w:val="{STYLES[code].id}"/>' if code in STYLES else ""
        if paragraph.label:
            properties += (
                f'<w:numPr><w:ilvl w:val="{paragraph.level}"/><w:numId w:val="{self.list(paragraph)}"/></w:numPr>'
            )
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{''.join(map(self.run, paragraph.spans))}</w:p>"

    def list(self, paragraph: Paragraph) -> int:
        """1 is the list of bullets; a numbered list that begins anew is one more."""
        if paragraph.label == BULLET:
            return 1
        if paragraph.label == "1." and not paragraph.level:
            self.lists += 1
        return self.lists + 1

    def run(self, span: Span) -> str:
        if span.picture:
            return self.picture(span)
        looks = {"raw": span.is_raw, "code": span.is_code}
        style = next((f'<w:rStyle w:val="{STYLES[code].id}"/>' for code, is_so in looks.items() if is_so), "")
        look = style + "<w:b/>" * span.is_bold + "<w:i/>" * span.is_italic
        pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{_escaped(line)}</w:t>' for line in span.text.split("\n"))
        run = f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{pieces}</w:r>"
        return (
            f'<w:hyperlink r:id="{self.relation("hyperlink", span.link, True)}">{run}</w:hyperlink>'
            if span.link
            else run
        )

    def picture(self, span: Span) -> str:
        """A picture; one that Word cannot show lies behind an empty one, and comes out again whole."""
        content, path = self.media.get(span.picture, b""), PurePosixPath(span.picture)
        self.pictures += 1
        self.files[f"word/media/{path.name}"] = content
        own = shown = self.relation("image", f"media/{path.name}")
        width, height = 320, 200
        if path.suffix in SHOWN_BY_WORD:
            width, height = _size(content)
        else:
            self.files["word/media/khung.png"] = EMPTY
            shown = self.relation("image", "media/khung.png")
        original = f'<o:picture xmlns:o="urn:thao-so:original" r:embed="{own}"/>'
        extra = f'<a:extLst><a:ext uri="{{thao-so}}">{original}</a:ext></a:extLst>'
        extent = f'cx="{width * EMU}" cy="{height * EMU}"'
        named = {"name": path.name, "descr": span.text, "title": span.caption}
        about = f'id="{self.pictures}" ' + " ".join(f'{name}="{_escaped(said)}"' for name, said in named.items())
        return (
            f"<w:r><w:drawing><wp:inline><wp:extent {extent}/><wp:docPr {about}/><a:graphic>"
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="0" name=""/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{shown}">'
            f"{extra if shown != own else ''}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
            f'<a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def relation(self, kind: str, target: str, is_outside: bool = False) -> str:
        entry = (kind, target, is_outside)
        if entry not in self.relations:
            self.relations.append(entry)
        return f"rId{self.relations.index(entry) + 3}"


def _spans(source: str, media: Container[str]) -> Spans:
    """The spans of a question's text; a picture that does not come along, or not under the same words, stays Markdown."""

    def comes(span: Span) -> bool:
        is_there = span.picture in media and NAME.fullmatch(span.picture.removeprefix("media/"))
        return bool(is_there) and all(said == text.clean(said) for said in (span.text, span.caption))

    spans = inline.spans(source)
    return tuple(s if not s.picture or comes(s) else Span(inline.markdown([s]), is_raw=True) for s in spans)


def _labelled(label: str, spans: Spans, style: str) -> Paragraph:
    return Paragraph((Span(label, is_bold=True), *spans), style)


def _field(code: str, value: Spans, of: str = "") -> Paragraph:
    return Paragraph((Span(f"{spelling('field', code)}{of}: ", is_bold=True), *value), "field")


def _escaped(value: str) -> str:
    return escaped_html(NOT_XML.sub("", value))


def _types() -> str:
    known = [("rels", "application/vnd.openxmlformats-package.relationships+xml"), ("xml", "application/xml")]
    known += [(ending[1:], type) for ending, type in TYPES.items()]
    defaults = "".join(f'<Default Extension="{ending}" ContentType="{type}"/>' for ending, type in known)
    base = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = (("document", "document.main"), ("styles", "styles"), ("numbering", "numbering"))
    named = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{base}.{type}+xml"/>' for name, type in parts)
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{defaults}{named}</Types>'
    )


def _relations(relations: Iterable[tuple[str, str, bool]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATION}/{kind}" Target="{_escaped(target)}"'
        + (' TargetMode="External"/>' if is_outside else "/>")
        for number, (kind, target, is_outside) in enumerate(relations, start=1)
    )
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'


def _styles() -> str:
    """The styles, all on a text of 13 points."""
    fonts = " ".join(f'w:{script}="Times New Roman"' for script in ("ascii", "hAnsi", "cs"))
    font = f'<w:rFonts {fonts}/><w:sz w:val="26"/><w:lang w:val="vi-VN"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{font}</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
        '<w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    )
    lines = "".join(
        f'<w:style w:type="{style.kind}" w:customStyle="{int(not style.name)}" w:styleId="{style.id}">'
        f'<w:name w:val="{style.name or spelling("style", code)}"/>'
        + ('<w:basedOn w:val="Normal"/><w:qFormat/>' if style.kind == "paragraph" else "")
        + (f"<w:pPr>{style.paragraph}</w:pPr>" if style.paragraph else "")
        + (f"<w:rPr>{style.run}</w:rPr></w:style>" if style.run else "</w:style>")
        for code, style in STYLES.items()
    )
    return f"{HEAD}<w:styles {SPACES}>{defaults}{lines}</w:styles>"


def _numbering(lists: int) -> str:
    def levels(format: str, is_bullet: bool) -> str:
        return "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>'
            f'<w:lvlText w:val="{BULLET if is_bullet else f"%{i + 1}."}"/>'
            f'<w:pPr><w:ind w:left="{567 * (i + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
            for i in range(9)
        )

    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{id}">{levels(format, not id)}</w:abstractNum>'
        for id, format in enumerate(("bullet", "decimal"))
    )
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbered = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/>{start}</w:num>' for number in range(2, lists + 2)
    )
    return f'{HEAD}<w:numbering {SPACES}>{kinds}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{numbered}</w:numbering>'


def _size(content: bytes) -> tuple[int, int]:
    """How large to show a picture, in pixels: as it is, at most as wide as the page."""
    width, height = _pixels(content)
    share = min(1, WIDEST / max(width, 1))
    return max(1, round(width * share)), max(1, round(height * share))


def _pixels(content: bytes) -> tuple[int, int]:
    if content[:4] == b"\x89PNG" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    at = 2
    while content[:2] == b"\xff\xd8" and at + 9 < len(content):
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big")
        at += 2 + length
    return 400, 300


def _png(width: int, height: int) -> bytes:
    """A light grey rectangle."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xee" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


EMPTY = _png(32, 20)
