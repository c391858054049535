"""The empty certificate a press prints on: the ground that ReportLab drew, the fixed lines, fonts for all names.

The fonts map Unicode code points to glyphs themselves, so text is simply written as UTF-16.
"""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from string import digits

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, String
from pikepdf import open as open_pdf

from lms.certificates.lines import Line
from lms.certificates.pdf import PictureOf, draw_ground, rgb
from lms.certificates.sheet import Part, Sheet
from lms.certificates.standards import archive, tag
from lms.fonts import ITALIC, REGULAR, SEMIBOLD, advances, outlines, printable, setting, subset

UNICODES = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{count} beginbfrange {ranges} endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""


def template(sheet: Sheet, letters: frozenset[str], picture_of: PictureOf) -> bytes:
    """A PDF of one page with three contents: the ground, the fixed lines, and an empty stream for a person's in some letters.

    It is tagged and has its colour space; its metadata are empty, too. It has no document information and a plain
    cross-reference table. Raises UnprintableText.
    """
    file = BytesIO()
    with open_pdf(BytesIO(draw_ground(sheet, picture_of))) as pdf:
        page, unicodes = pdf.pages[0], pdf.make_stream(_unicodes(printable()))
        for face, characters in _alphabets(sheet, letters).items():
            page.Resources.Font[f"/{face}"] = _font(pdf, face, sorted(characters), unicodes)
        page.Resources = pdf.make_indirect(page.Resources)
        for form in page.Resources.get("/XObject", Dictionary()).values():
            # The border has no text: spare readers the fonts each time it repeats.
            if "/Resources" in form:
                del form.Resources.Font
        fixed = pdf.make_stream(written(sheet, sheet.fixed))
        page.Contents = Array([page.Contents, fixed, pdf.make_stream(b"\n")])
        tag(pdf, sheet)
        archive(pdf, b"")
        del pdf.trailer.Info
        pdf.save(file, static_id=True, object_stream_mode=ObjectStreamMode.disable, min_version="1.7")
    return file.getvalue()


def written(sheet: Sheet, parts: Iterable[Part]) -> bytes:
    """The lines of parts as a PDF content stream has them, with their marks."""
    return "".join(
        f"/{sheet.places[place].tag} <</MCID {place}>> BDC BT\n{''.join(map(_line, lines))}ET EMC\n"
        for place, lines in parts
    ).encode()


@lru_cache(maxsize=256)
def _line(line: Line) -> str:
    codes, at, glyphs = line.text.encode("utf-16-be").hex(), 0, ""
    for piece, kern in setting(line.text, line.face).pieces:
        end = at + 4 * len(piece)
        glyphs += f"<{codes[at:end]}> {-kern} "
        at = end
    place = f"1 0 0 1 {line.x:.4f} {line.y:.4f} Tm"
    return f"/{line.face} {line.size:.4f} Tf {rgb(line.colour)} rg {place} [{glyphs}] TJ\n"


def _alphabets(sheet: Sheet, letters: frozenset[str]) -> dict[str, set[str]]:
    """Names and courses may need any letter; what is slanted or bold is known beforehand."""
    wording, second = sheet.wording, sheet.second
    slanted = {*wording.deed, *wording.dated, *digits}
    alphabets = {REGULAR: {*letters}, SEMIBOLD: {*letters}, ITALIC: slanted | {*(second.deed if second else "")}}
    for part in sheet.fixed:
        for line in part.lines:
            alphabets.setdefault(line.face, set()).update(line.text)
    return alphabets


def _font(pdf: Pdf, face: str, characters: list[str], unicodes: Stream) -> Object:
    """A composite font whose character codes are Unicode code points (ISO 32000-1, 9.7)."""
    font, name = subset(face, characters), Name(f"/LOTUSA+{face}")
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=pdf.make_stream(_glyph_map(font)),
        W=_widths(face, characters),
        FontDescriptor=pdf.make_indirect(_descriptor(pdf, name, font)),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(descendant)],
            ToUnicode=unicodes,
        )
    )


def _descriptor(pdf: Pdf, name: Name, font: TTFont) -> Dictionary:
    head, lines = font["head"], font["hhea"]
    entries = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=[head.xMin, head.yMin, head.xMax, head.yMax],
        ItalicAngle=int(font["post"].italicAngle),
        Ascent=lines.ascent,
        Descent=lines.descent,
        CapHeight=font["OS/2"].sCapHeight,
        StemV=80,
    )
    program = outlines(font)
    entries.FontFile2 = pdf.make_stream(program, Length1=len(program))
    return entries


def _glyph_map(font: TTFont) -> bytes:
    glyphs = font.getBestCmap()
    numbers = (font.getGlyphID(glyphs.get(code, ".notdef")) for code in range(max(glyphs) + 1))
    return b"".join(number.to_bytes(2, "big") for number in numbers)


def _widths(face: str, characters: list[str]) -> Array:
    """Code points and widths as PDF wants them: `[first [width …] first [width …]]`, a list for each unbroken run."""
    runs = groupby(enumerate(map(ord, characters)), key=lambda item: item[1] - item[0])
    entries: list[object] = []
    for _, run in runs:
        codes = [code for _, code in run]
        entries += [codes[0], [advances(face)[chr(code)] for code in codes]]
    return Array(entries)


def _unicodes(characters: Iterable[str]) -> bytes:
    """Tells readers that the codes are the code points; a range may not leave its 256."""
    pages = sorted({ord(char) >> 8 for char in characters})
    ranges = " ".join(f"<{page:02X}00> <{page:02X}FF> <{page:02X}00>" for page in pages)
    return UNICODES.format(count=len(pages), ranges=ranges).encode()
