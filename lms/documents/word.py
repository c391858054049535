"""A document as DOCX, by python-docx: styles, a real header with the page's number, heads of tables that repeat."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lms.documents.model import LANGUAGE, Annex, Block, Document, Heading, Paragraph, Signature, Table

FACE = "Times New Roman"
WIDTH, HEIGHT, TOP, BOTTOM, LEFT, RIGHT, HEADER = 210, 297, 20, 20, 30, 15, 10
MEASURE = WIDTH - LEFT - RIGHT
LEFT_COLUMN = 0.41
BODY, SMALL, TABLE = 14, 11, 11.5
LINES_TO_SIGN = 4
KEPT_WITH_SIGNATURE = 2
NARROW = 57
"""A millimetre, in twentieths of a point."""
MOTTO_LINE, SHORT_LINE = 52, 24
"""Lengths of drawn lines in millimetres; the first is that of the motto."""


def write(document: Document) -> bytes:
    """The document as a DOCX."""
    made = docx.Document()
    _prepare(made, document)
    _columns(made, lambda left: _issuer(left, document), lambda right: _nation(right, document))
    _write(made.add_paragraph(), document.kind, bold=True, centred=True, before=14)
    _write(made.add_paragraph(), document.excerpt, bold=True, centred=True)
    _line(made.add_paragraph(), SHORT_LINE, MEASURE)
    for basis in document.bases:
        _write(made.add_paragraph(), basis, italic=True, indent=True, after=6)
    _blocks(made, document.blocks)
    # A signature never stands alone on a page.
    for paragraph in made.paragraphs[-KEPT_WITH_SIGNATURE:]:
        paragraph.paragraph_format.keep_with_next = True
    made.add_paragraph().paragraph_format.keep_with_next = True
    _columns(made, lambda left: _recipients(left, document), lambda right: _signed(right, document.signature))
    for annex in document.annexes:
        _annex(made, annex)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def _prepare(made: Any, document: Document) -> None:
    """Page, margins, the default style, the header from the second page on, and what the file says of itself."""
    section = made.sections[0]
    section.page_width, section.page_height = Mm(WIDTH), Mm(HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin, section.header_distance = Mm(LEFT), Mm(RIGHT), Mm(HEADER)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number._p.append(_field("PAGE"))
    for name in ("Normal", "Heading 1", "Heading 2"):
        _set_style(made.styles[name])
    said = made.core_properties
    said.title, said.author, said.language = document.title, document.head.body, LANGUAGE
    said.comments, said.last_modified_by = "", document.head.body


def _set_style(style: Any) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FACE, Pt(BODY), docx.shared.RGBColor(0, 0, 0)
    style.font.bold = style.name != "Normal"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [name for name in fonts.attrib if "heme" in name]:
        del fonts.attrib[theme]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FACE)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.1


def _field(code: str) -> Any:
    field, run, text = (OxmlElement(name) for name in ("w:fldSimple", "w:r", "w:t"))
    field.set(qn("w:instr"), code)
    run.append(text)
    field.append(run)
    return field


def _columns(made: Any, fill_left: Any, fill_right: Any) -> None:
    """Two columns without lines."""
    grid = made.add_table(rows=1, cols=2)
    grid.autofit = False
    _set_widths(grid, [Mm(MEASURE * LEFT_COLUMN), Mm(MEASURE * (1 - LEFT_COLUMN))])
    _set_margins(grid, 0)
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, share, fill in zip(
        grid.rows[0].cells, (LEFT_COLUMN, 1 - LEFT_COLUMN), (fill_left, fill_right), strict=True
    ):
        cell.width = Mm(MEASURE * share)
        fill(cell)
        if len(cell.paragraphs) > 1:
            cell.paragraphs[0]._p.getparent().remove(cell.paragraphs[0]._p)


def _set_widths(grid: Any, widths: Iterable[Any]) -> None:
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width


def _set_margins(grid: Any, width: int) -> None:
    """The room left and right of a cell's text."""
    margins = OxmlElement("w:tblCellMar")
    for name in ("w:left", "w:right"):
        side = OxmlElement(name)
        side.set(qn("w:w"), str(width))
        side.set(qn("w:type"), "dxa")
        margins.append(side)
    grid._tbl.tblPr.append(margins)


def _issuer(cell: Any, document: Document) -> None:
    head = document.head
    if head.superior:
        _write(cell.add_paragraph(), head.superior, size=12, centred=True)
    _write(cell.add_paragraph(), head.body, size=12, bold=True, centred=True)
    _line(cell.add_paragraph(), SHORT_LINE, MEASURE * LEFT_COLUMN)
    if head.number:
        _write(cell.add_paragraph(), head.number, size=13, centred=True)


def _nation(cell: Any, document: Document) -> None:
    head = document.head
    _write(cell.add_paragraph(), head.nation, size=12, bold=True, centred=True)
    _write(cell.add_paragraph(), head.motto, size=13, bold=True, centred=True)
    _line(cell.add_paragraph(), MOTTO_LINE, MEASURE * (1 - LEFT_COLUMN))
    if head.dated:
        _write(cell.add_paragraph(), head.dated, size=13, italic=True, centred=True)


def _recipients(cell: Any, document: Document) -> None:
    told = document.recipients
    if told.lines:
        _write(cell.add_paragraph(), told.label, size=12, bold=True, italic=True)
    for line in told.lines:
        _write(cell.add_paragraph(), line, size=SMALL)


def _signed(cell: Any, signature: Signature) -> None:
    for rank in signature.ranks:
        _write(cell.add_paragraph(), rank, size=13, bold=True, centred=True)
    for _ in range(LINES_TO_SIGN):
        cell.add_paragraph()
    _write(cell.add_paragraph(), signature.name, size=13, bold=True, centred=True)


def _annex(made: Any, annex: Annex) -> None:
    _number_anew(made.add_section(WD_SECTION.NEW_PAGE)._sectPr)
    _write(made.add_paragraph(), annex.label, bold=True, centred=True)
    _write(made.add_paragraph(), annex.title, bold=True, centred=True)
    _write(made.add_paragraph(), annex.reference, size=13, italic=True, centred=True)
    _line(made.add_paragraph(), SHORT_LINE, MEASURE)
    _blocks(made, annex.blocks)


def _number_anew(section: Any) -> None:
    """The pages of a section begin with 1; a section takes after the one before it."""
    if section.find(qn("w:pgNumType")) is None:
        numbers = OxmlElement("w:pgNumType")
        numbers.set(qn("w:start"), "1")
        section.insert_element_before(
            numbers, "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:textDirection", "w:bidi", "w:rtlGutter",
            "w:docGrid",
        )  # fmt: skip


def _blocks(made: Any, blocks: Iterable[Block]) -> None:
    for block in blocks:
        if isinstance(block, Heading):
            paragraph = made.add_paragraph(style=f"Heading {min(block.level, 2)}")
            _write(paragraph, block.text, bold=True, indent=True, before=4, after=4)
        elif isinstance(block, Paragraph):
            for line in block.text.split("\n"):
                _write(made.add_paragraph(), line, indent=True, justified=True, after=6)
        else:
            _table(made, block)


def _table(made: Any, table: Table) -> None:
    if table.caption:
        caption = made.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        _write(caption, table.caption, size=13, italic=True, centred=True)
    grid = made.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.share for column in table.columns)
    widths = [Mm(MEASURE * column.share / whole) for column in table.columns]
    _set_widths(grid, widths)
    _set_margins(grid, NARROW)
    _row(grid, [column.title for column in table.columns], widths, bold=True, centred=True)
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    are_numbers = [column.is_number for column in table.columns]
    for number, row in enumerate(table.rows):
        is_total = number >= len(table.rows) - table.totals
        _row(grid, row, widths, are_numbers=are_numbers, bold=is_total)
    # A head never stands alone at the end of a page; a small table is not divided at all.
    for row in grid.rows[: -1 if table.is_kept_whole else 1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    made.add_paragraph()


def _row(
    grid: Any, texts: Iterable[str], widths: list[Any], *, are_numbers: Iterable[bool] = (), bold: bool = False,
    centred: bool = False,
) -> None:  # fmt: skip
    row = grid.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    to_the_right = list(are_numbers) or [False] * len(widths)
    for cell, text, width, is_number in zip(row.cells, texts, widths, to_the_right, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        _write(paragraph, text, size=TABLE, bold=bold, centred=centred, before=2, after=2)
        if is_number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _write(
    paragraph: Any, text: str, *, size: float = BODY, bold: bool = False, italic: bool = False, centred: bool = False,
    indent: bool = False, justified: bool = False, before: float = 0, after: float = 0,
) -> None:  # fmt: skip
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if indent:
        shape.first_line_indent = Mm(10)
    if centred or justified:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.JUSTIFY


def _line(paragraph: Any, length: float, column: float) -> None:
    """A drawn line in the middle of a column: the upper border of an empty paragraph that is indented on both sides."""
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm((column - length) / 2)
    shape.line_spacing, shape.space_before = Pt(6), Pt(3)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("w:val", "single"), ("w:sz", "4"), ("w:space", "1"), ("w:color", "000000")):
        top.set(qn(name), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
        "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
        "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:rPr",
    )  # fmt: skip
