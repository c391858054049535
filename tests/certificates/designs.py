"""Papers to draw: wordings of every layout and kind, and people with names of any length and letter."""

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from lms.certificates import wording
from lms.certificates.design import KINDS, Design, English, Signatory, default
from lms.certificates.models import Issuer
from lms.certificates.pdf import Paper, Wording
from lms.certificates.pictures import accepted

WORDING = Wording(
    nation="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    motto="Độc lập - Tự do - Hạnh phúc",
    superior="ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG",
    issuer="SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    title="GIẤY CHỨNG NHẬN HOÀN THÀNH",
    lead="Chứng nhận",
    deed="đã hoàn thành khóa học",
    facts=("Thời lượng", "Kết quả", "Thời gian học"),
    number="Số:",
    code="Mã kiểm tra:",
    lookup="Tra cứu tại thaoso.vn/xac-minh",
    dated="Đà Nẵng, ngày $day tháng $month năm $year",
    signatory_titles=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    signatory="Lê Quang Nam",
)
AN = Paper(
    name="Nguyễn Thị Thuỳ Dương",
    unit="Phường Hải Châu, thành phố Đà Nẵng",
    course="Kỹ năng số cơ bản cho Tổ công nghệ số cộng đồng",
    facts=("40 tiết (30 giờ)", "Đạt – 9,0/10 điểm", "01/8/2026 – 05/9/2026"),
    number="12/2026/GCN-KHCN",
    code="K7QM-4WXP-92HD",
    verify_url="https://thaoso.vn/xac-minh/K7QM-4WXP-92HD",
    issued_on=date(2026, 9, 5),
)
LONG = replace(
    AN,
    name="Nguyễn Trần Công Tằng Tôn Nữ Huyền Trân Hoàng Phương Quỳnh Như",
    unit="Tổ công nghệ số cộng đồng thôn Trà Kiệu Tây, xã Duy Xuyên, thành phố Đà Nẵng",
    course="Bồi dưỡng kiến thức quản lý nhà nước và thực thi pháp luật về chuyển đổi số cho lãnh đạo, công chức "
    "chuyên trách công nghệ thông tin cấp xã năm 2026",
    verify_url=f"https://thaoso.vn/v/K7QM4WXP92#{'aZ09-_' * 50}",
)
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES]
LETTERS = "".join(sorted({*VOWELS, *"bcdđghklmnpqrstvx", *map(str.upper, VOWELS), *"BCDĐGHKLMNPQRSTVX"}))
NAMES = [
    *(" ".join(re.findall(".{6}", LETTERS[start : start + 36])) for start in range(0, len(LETTERS) - 30, 36)),
    LETTERS[-36:],
    "Y Thanh Hà Niê Kđăm",
    "H'Hen Niê",
    "Rơ Čăm H'Ñŭ Ŏ",
    "An",
    LONG.name,
]
ISSUER = Issuer(
    code="GCN-KHCN", name=WORDING.issuer, superior=WORDING.superior, place="Đà Nẵng", signatory_title="KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
    signatory_name="Lê Quang Nam",
)  # fmt: skip
ENGLISH = English(
    title="CERTIFICATE OF COMPLETION",
    lead="This is to certify that",
    deed="has completed the course",
    basis="Decision 146/QD-TTg",
    note="Valid in Viet Nam",
    superior="PEOPLE'S COMMITTEE OF DA NANG CITY",
    issuer="DEPARTMENT OF SCIENCE AND TECHNOLOGY",
)
AWARD = wording.Award(
    title=AN.course, english="Basic digital skills for community digital teams", periods=40, hours=30, share=0.9, year=2026,
    original="số 12/2026/GCN-KHCN", started_on=date(2026, 8, 1), completed_on=date(2026, 9, 5),
)  # fmt: skip


@cache
def pictures() -> dict[str, bytes]:
    """A logo without and a seal with see-through parts, by name."""
    logo, seal = Image.new("RGB", (300, 200), "#0b57a4"), Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(seal).ellipse((10, 10, 390, 390), outline=(200, 20, 20, 200), width=16)
    contents = []
    for picture, kind in ((logo, "JPEG"), (seal, "PNG")):
        picture.save(target := BytesIO(), kind)
        contents.append(accepted(target.getvalue()))
    return {sha256(content).hexdigest(): content for content in contents}


def designs() -> dict[str, Design]:
    """A design of each kind, and of each way to look."""
    logo, seal = pictures()
    course = default("course", ISSUER)
    two = (*course.signatories, Signatory(("TRƯỞNG PHÒNG",), "Đỗ Thị Ước", "Head of division"))
    rich = replace(
        course, signatories=two, basis="Căn cứ Quyết định số 146/QĐ-TTg ngày 28/01/2022", note="Giấy này có giá trị toàn quốc.",
        facts=("periods", "result", "period", "year", "expires"), months=24, logo=logo, seal=seal, english=ENGLISH,
    )  # fmt: skip
    return {
        **{kind: default(kind, ISSUER) for kind in KINDS},
        "rich": rich,
        "bilingual": replace(rich, languages="vi+en", frame="rule", accent="#0b57a4"),
        "portrait": replace(course, orientation="portrait"),
        "portrait, all": replace(rich, languages="vi+en", orientation="portrait"),
        "stock": replace(course, frame="none", right=4.5, up=-3.0, stock=("nation", "issuer", "title")),
    }


def paper(design: Design, who: Paper = AN) -> Paper:
    """A person's paper of a design."""
    made = wording.personal(
        design=design, award=replace(AWARD, title=who.course), name=who.name, unit=who.unit, code=who.code, url=who.verify_url,
        place="Đà Nẵng", issued_on=who.issued_on, expires_on=design.expires_on(who.issued_on),
    )  # fmt: skip
    return replace(made, number=who.number)


def poppler(*command: str | Path, content: bytes) -> bytes:
    """What a program of poppler says of a file."""
    if not shutil.which(str(command[0])):
        pytest.skip(f"{command[0]} (poppler-utils) is not installed")
    return subprocess.run([*map(str, command)], input=content, capture_output=True, check=True, timeout=60).stdout


def picture(content: bytes, *, dots_per_inch: int = 72) -> Image.Image:
    """The page as it looks."""
    return Image.open(BytesIO(poppler("pdftoppm", "-r", str(dots_per_inch), "-singlefile", "-", content=content)))


def text(content: bytes) -> str:
    """The page as it is read out."""
    return " ".join(poppler("pdftotext", "-layout", "-", "-", content=content).decode().split())
