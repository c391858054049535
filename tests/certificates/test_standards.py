"""Every paper can be kept for good (PDF/A-2b) and read by everybody (PDF/UA-1), drawn plainly or by the press."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pdfua
import pikepdf
import pytest
from flask import Flask
from pypdf import PdfReader

from lms.certificates import wording
from lms.certificates.pdf import draw
from lms.certificates.press import Press
from lms.trust import pades
from tests.certificates import preflight
from tests.certificates.designs import AN, ISSUER, LONG, WORDING, designs, paper, pictures
from tests.certificates.standards import faults_of_archive, faults_of_structure

KINDS = ["course", "bilingual", "portrait, all", "stock"]
RARE = replace(LONG, name="Rơ Čăm Ñô & <Łukasz>", unit="")


def papers(design: str) -> Iterator[bytes]:
    """The same paper in both ways: of somebody usual, and of somebody whose letters are rare and whose unit is unknown."""
    shared, picture_of = wording.wording_of(ISSUER, designs()[design]), pictures().__getitem__
    press = Press(shared, picture_of)
    for who in (AN, RARE):
        printed = paper(designs()[design], who)
        yield draw(shared, printed, picture_of)
        yield press.print(printed)


@pytest.mark.parametrize("design", KINDS)
def test_papers_keep_both_standards(design: str, tmp_path: Path) -> None:
    for content in papers(design):
        assert faults_of_archive(content) == []
        assert faults_of_structure(content) == []
        (tmp_path / "paper.pdf").write_bytes(content)
        report = pdfua.validate(str(tmp_path / "paper.pdf"))
        assert [(finding.rule_id, finding.message) for finding in report.findings] == []


def test_a_signed_paper_keeps_both_standards(installation: Flask) -> None:
    signed = pades.sign(Press(WORDING).print(AN))
    assert b"/ByteRange" in signed
    assert faults_of_archive(signed) == []
    assert faults_of_structure(signed) == []


@pytest.mark.skipif(not preflight.is_there(), reason="Preflight (libpdfbox2-java) is not installed")
def test_a_validator_of_others_finds_no_fault_in_papers_and_books(installation: Flask, tmp_path: Path) -> None:
    made = {f"{design}-{number}": file for design in KINDS for number, file in enumerate(papers(design))}
    made["signed"], made["book"] = pades.sign(made["course-1"]), b"".join(Press(WORDING).book([AN, LONG]))
    assert preflight.faults(made, tmp_path) == {name: [] for name in made}


@pytest.mark.skipif(not preflight.is_there(), reason="Preflight (libpdfbox2-java) is not installed")
def test_the_validator_sees_what_is_missing(tmp_path: Path) -> None:
    paper, needed = Press(WORDING).print(AN), (b"/FontFile2", b"/OutputIntents", b"/DestOutputProfile", b"dc:title")
    broken = {thing.decode().strip("/"): paper.replace(thing, thing[:-1] + b"x") for thing in needed}
    assert paper not in broken.values()
    assert [name for name, faults in preflight.faults(broken, tmp_path).items() if not faults] == []


def test_a_book_keeps_the_standard_for_archives_and_claims_no_more() -> None:
    book = b"".join(Press(WORDING).book([AN, LONG]))
    assert faults_of_archive(book) == []
    with pikepdf.open(BytesIO(book)) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
        assert b"pdfuaid" not in pdf.Root.Metadata.read_bytes()
        assert str(pdf.docinfo.Title) == WORDING.title


def test_a_reader_hears_the_paper_from_top_to_bottom() -> None:
    design = designs()["bilingual"]
    content = Press(wording.wording_of(ISSUER, design), pictures().__getitem__).print(paper(design))
    document = PdfReader(BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]["/K"][0]
    elements = [kid.get_object() for kid in document.get_object()["/K"]]
    assert [element["/S"] for element in elements].count("/H1") == 1
    assert [element["/Alt"] for element in elements if element["/S"] == "/Figure"] == [
        f"Biểu trưng của {ISSUER.name}", f"Con dấu của {ISSUER.name}", "Mã QR để kiểm tra giấy này"
    ]  # fmt: skip
    languages = [element.get("/Lang", "vi") for element in elements]
    assert languages[:6] == ["vi", "vi", "en", "vi", "en", "vi"], "logo, superior, issuer, number"


def test_files_say_what_they_are() -> None:
    for content in (draw(WORDING, AN), Press(WORDING).print(AN)):
        with pikepdf.open(BytesIO(content)) as pdf:
            assert str(pdf.docinfo.Title) == f"{WORDING.title} – {AN.name}"
            assert (str(pdf.docinfo.Author), str(pdf.docinfo.Subject)) == (WORDING.issuer, AN.number)
            assert str(pdf.docinfo.CreationDate) == "D:20260905"


@pytest.mark.parametrize("harm", ["/OpenAction", "/AA"])
def test_the_check_of_archives_sees_what_is_forbidden(harm: str) -> None:
    with pikepdf.open(BytesIO(draw(WORDING, AN))) as pdf:
        pdf.Root[harm] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript)
        pdf.save(target := BytesIO())
    assert any(harm in fault for fault in faults_of_archive(target.getvalue()))


def test_the_checks_see_a_width_that_is_wrong_and_a_mark_that_is_missing() -> None:
    content = Press(WORDING).print(AN)
    with pikepdf.open(BytesIO(content)) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            if font.Subtype == "/Type0":
                font.DescendantFonts[0].W[1][0] += 7
        fixed = pdf.pages[0].Contents[1]
        fixed.write(fixed.read_bytes().replace(b"BDC", b"BMC", 1).replace(b"<</MCID 0>>", b"", 1))
        pdf.save(target := BytesIO())
    assert any("widths" in fault for fault in faults_of_archive(target.getvalue()))
    assert any("marks" in fault for fault in faults_of_structure(target.getvalue()))
