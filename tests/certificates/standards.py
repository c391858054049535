"""Reads a file as a validator does: what PDF/A-2b (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) ask of files like ours."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont
from lxml import etree
from PIL import ImageCms

SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "schema": "http://www.aiim.org/pdfa/ns/schema#",
}
PREDEFINED = {
    *(SPACES[name] for name in ("rdf", "dc", "pdfaid")), "adobe:ns:meta/", "http://ns.adobe.com/xap/1.0/",
    "http://ns.adobe.com/pdf/1.3/", "http://www.aiim.org/pdfa/ns/extension/", "http://www.aiim.org/pdfa/ns/schema#",
    "http://www.aiim.org/pdfa/ns/property#",
}  # fmt: skip
FILTERS = {"/FlateDecode", "/DCTDecode", "/ASCII85Decode"}
FORBIDDEN = {
    "/AA", "/OpenAction", "/OCProperties", "/NeedAppearances", "/JavaScript", "/EmbeddedFiles", "/XFA", "/TR", "/HTP", "/OPI",
    "/Alternates", "/Ref", "/PS", "/Encrypt", "/FFilter",
}  # fmt: skip
OPERATORS = {
    "q", "Q", "cm", "w", "J", "j", "M", "d", "m", "l", "c", "v", "y", "h", "re", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*",
    "n", "W", "W*", "BT", "ET", "Tf", "Tm", "Td", "Tj", "TJ", "TL", "Tr", "T*", "rg", "RG", "g", "G", "Do", "BMC", "BDC", "EMC",
}  # fmt: skip
PAINTING = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Tj", "TJ", "Do", "INLINE IMAGE"}


def faults_of_archive(content: bytes) -> list[str]:
    """What keeps a file from being PDF/A-2b."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return [*_file(content, pdf), *_metadata(pdf), *_colours(pdf), *_things(pdf), *_fonts(pdf), *_contents(pdf)]


def faults_of_structure(content: bytes) -> list[str]:
    """What keeps a page from being PDF/UA-1."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return [*_document(pdf), *_tree(pdf), *_marks(pdf)]


def _file(content: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    lines = content.split(b"\n", 2)
    if not re.fullmatch(rb"%PDF-1\.[0-7]", lines[0]):
        yield "header"
    if not (lines[1][:1] == b"%" and len(lines[1]) >= 5 and min(lines[1][1:5]) > 127):
        yield "no binary comment"
    if not content.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "something behind the end"
    if "/ID" not in pdf.trailer or "/Encrypt" in pdf.trailer:
        yield "trailer"
    yield from pdf.check_pdf_syntax()
    for stream in re.finditer(rb"/Length (\d+)(?:(?!endobj|stream).)*?>>\s*stream\r?\n", content, re.DOTALL):
        if not content[stream.end() + int(stream[1]) :].lstrip(b"\r\n").startswith(b"endstream"):
            yield f"length of the stream at {stream.start()}"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    stream = pdf.Root.Metadata
    if "/Filter" in stream or (stream.Type, stream.Subtype) != ("/Metadata", "/XML"):
        yield "metadata stream"
    tree = etree.fromstring(stream.read_bytes())
    said = {name: tree.findtext(f".//{name}", namespaces=SPACES) for name in ("pdfaid:part", "pdfaid:conformance")}
    if list(said.values()) != ["2", "B"]:
        yield f"identification {said}"
    if tree.findtext(".//dc:title/rdf:Alt/rdf:li", namespaces=SPACES) != str(pdf.trailer.Info.Title):
        yield "title of metadata"
    if tree.findtext(".//dc:creator/rdf:Seq/rdf:li", namespaces=SPACES) != str(pdf.trailer.Info.Author):
        yield "author of metadata"
    told = {element.text for element in tree.iterfind(".//schema:namespaceURI", namespaces=SPACES)}
    for element in tree.iter():
        if etree.QName(element).namespace not in PREDEFINED | told:
            yield f"schema of {element.tag}"


def _colours(pdf: pikepdf.Pdf) -> Iterator[str]:
    [intent] = pdf.Root.OutputIntents
    profile = intent.DestOutputProfile
    content = profile.read_bytes()
    opened = ImageCms.ImageCmsProfile(BytesIO(content)).profile
    is_sound = content[36:40] == b"acsp" and len(content) == int.from_bytes(content[:4], "big")
    if not is_sound or opened.version >= 5 or (opened.device_class, opened.xcolor_space.strip()) != ("mntr", "RGB"):
        yield "profile"
    if (intent.S, profile.N) != ("/GTS_PDFA1", 3) or not intent.OutputConditionIdentifier:
        yield "output intent"


def _things(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            continue
        for key in FORBIDDEN.intersection(thing.keys()):
            yield f"{key} in {thing.objgen}"
        if isinstance(thing, pikepdf.Stream):
            filters = thing.get("/Filter", pikepdf.Array())
            names = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
            if not FILTERS.issuperset(map(str, names)) or "/F" in thing:
                yield f"filter {names}"
            if thing.get("/Interpolate", False):
                yield "interpolated picture"
            if thing.get("/Subtype") == "/Image" and thing.ColorSpace not in ("/DeviceRGB", "/DeviceGray"):
                yield "colour space of a picture"
        if thing.get("/Type") == "/ExtGState" and {"/CA", "/ca", "/SMask"} & set(thing.keys()):
            yield "transparency"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for name, font in pdf.pages[0].Resources.Font.items():
        inner = font.DescendantFonts[0] if font.Subtype == "/Type0" else font
        program = TTFont(BytesIO(inner.FontDescriptor.FontFile2.read_bytes()))
        order, metrics = program.getGlyphOrder(), program["hmtx"].metrics
        if len({str(font.BaseFont), str(inner.BaseFont), str(inner.FontDescriptor.FontName)}) > 1:
            yield f"names of {name}"
        if font.Subtype == "/Type0":
            glyphs = inner.CIDToGIDMap.read_bytes()
            told = {code: metrics[order[_glyph(glyphs, code)]][0] for code in _widths(inner)}
            if told != _widths(inner):
                yield f"widths of {name}"
        elif "/Encoding" in font or not int(font.FontDescriptor.Flags) & 4 or len(program["cmap"].tables) != 1:
            yield f"encoding of {name}"
        else:
            [table] = program["cmap"].tables
            widths = {code: int(width) for code, width in enumerate(font.Widths, int(font.FirstChar))}
            if any(metrics[glyph][0] != widths[code] for code, glyph in table.cmap.items() if widths.get(code)):
                yield f"widths of {name}"


def _contents(pdf: pikepdf.Pdf) -> Iterator[str]:
    page, depth, font = pdf.pages[0], 0, None
    for operands, operator in pikepdf.parse_content_stream(page):
        word = str(operator)
        if word not in OPERATORS and word != "INLINE IMAGE":
            yield f"operator {word}"
        depth += {"q": 1, "Q": -1}.get(word, 0)
        if not 0 <= depth <= 28:
            yield "depth of states"
        if word == "Tf":
            font = page.Resources.Font[str(operands[0])]
        elif word in ("Tj", "TJ") and font is not None and font.Subtype == "/Type0":
            yield from _shown(font, operands[0])
        elif word == "Do" and str(operands[0]) not in page.Resources.XObject:
            yield f"no {operands[0]}"
    if depth:
        yield "states are left open"


def _shown(font: pikepdf.Object, operand: Any) -> Iterator[str]:
    texts = [
        bytes(part)
        for part in (operand if isinstance(operand, pikepdf.Array) else [operand])
        if isinstance(part, pikepdf.String)
    ]
    inner = font.DescendantFonts[0]
    glyphs, widths = inner.CIDToGIDMap.read_bytes(), _widths(inner)
    for text in texts:
        for code in (int.from_bytes(text[at : at + 2], "big") for at in range(0, len(text), 2)):
            if not _glyph(glyphs, code) or code not in widths:
                yield f"no glyph for U+{code:04X} in {font.BaseFont}"


def _glyph(glyphs: bytes, code: int) -> int:
    return int.from_bytes(glyphs[2 * code : 2 * code + 2], "big")


def _widths(inner: pikepdf.Object) -> dict[int, int]:
    runs = list(inner.W)
    return {
        int(first) + turn: int(width)
        for first, run in zip(runs[::2], runs[1::2], strict=True)
        for turn, width in enumerate(run)
    }


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    root, page = pdf.Root, pdf.pages[0]
    if not (root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle and str(root.Lang) == "vi-VN"):
        yield "catalogue"
    if page.Tabs != "/S" or page.StructParents != 0:
        yield "page"
    tree = etree.fromstring(root.Metadata.read_bytes())
    if tree.findtext(".//pdfuaid:part", namespaces=SPACES) != "1":
        yield "identification"


def _tree(pdf: pikepdf.Pdf) -> Iterator[str]:
    tree = pdf.Root.StructTreeRoot
    [document] = tree.K
    [_, parents] = tree.ParentTree.Nums
    if document.S != "/Document" or [kid.objgen for kid in document.K] != [parent.objgen for parent in parents]:
        yield "parents"
    if [int(kid.K) for kid in document.K] != list(range(len(document.K))):
        yield "order of marks"
    for kid in document.K:
        if kid.P.objgen != document.objgen or kid.Pg.objgen != pdf.pages[0].objgen:
            yield "parent or page of an element"
        if kid.S == "/Figure" and not (str(kid.Alt).strip() and len(kid.A.BBox) == 4):
            yield "figure without words"
    if [str(kid.S) for kid in document.K].count("/H1") > 1:
        yield "headings"


def _marks(pdf: pikepdf.Pdf) -> Iterator[str]:
    stack: list[str] = []
    seen: list[int] = []
    tags = [str(kid.S) for kid in pdf.Root.StructTreeRoot.K[0].K]
    for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
        word = str(operator)
        if word in ("BMC", "BDC"):
            stack.append(str(operands[0]))
            if word == "BDC":
                seen.append(int(operands[1].MCID))
                if tags[seen[-1]] != stack[-1]:
                    yield f"mark {seen[-1]} is a {stack[-1]}"
        elif word == "EMC":
            stack.pop()
        elif word in PAINTING and len(stack) != 1:
            yield f"{word} in {stack}"
    if stack or sorted(seen) != list(range(len(tags))):
        yield f"marks {sorted(seen)}"
