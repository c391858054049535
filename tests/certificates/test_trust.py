"""Papers that are trusted: signed when they are printed, told on the verify page, and as badges for programs."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader

from lms import clock, files, jobs
from lms.audit import AuditEntry
from lms.certificates import printing, queries, views
from lms.certificates.models import Certificate
from lms.cli import doctor
from lms.db import db
from lms.jobs import Job
from lms.network.models import Person
from lms.trust import identity, symbol
from tests.certificates.papers import ISSUER, issued, newcomer, open_school
from tests.page import Visitor
from tests.people import Cast, account


@pytest.fixture
def ga(cast: Cast) -> Person:
    open_school()
    return newcomer(cast, "Ngô Thị Ga", 31)


@pytest.fixture
def without_key(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SIGNING_FILE", str(tmp_path / "none.p12"))


def printed(paper: Certificate) -> Certificate:
    """A paper after the worker's round."""
    jobs.queue_regular()
    db.session.commit()
    jobs.run_pending()
    return db.session.get_one(Certificate, paper.id, populate_existing=True)


def test_a_printed_paper_is_signed_and_the_register_knows_by_whom(ga: Person) -> None:
    paper = printed(issued(ga))
    [signature] = PdfFileReader(BytesIO(files.read(str(paper.sha256)))).embedded_signatures
    assert signature.compute_integrity_info() is None and signature.coverage.name == "ENTIRE_FILE"
    who = identity.identity()
    assert paper.signature is not None
    assert (paper.signature["by"], paper.signature["fingerprint"], paper.signature["level"]) == (
        who.name, who.fingerprint, "B-B"
    )  # fmt: skip


def test_the_verify_page_tells_who_signed(ga: Person, visitor: Visitor) -> None:
    paper = printed(issued(ga))
    page = visitor.visit(f"/verify/{paper.code}")
    who, kid = identity.identity(), symbol.key_of(paper.printed["paper"]["verify_url"])
    assert who.name in page.text and who.fingerprint[:4] in page.text and str(kid) in page.text


def test_the_symbol_leads_to_the_verify_page_and_says_the_same(ga: Person, visitor: Visitor) -> None:
    paper = issued(ga)
    link = paper.printed["paper"]["verify_url"]
    assert "còn giá trị" in visitor.visit(re.sub(r"^https?://[^/]+|#.*$", "", link)).title
    words, _ = symbol.read(link.partition("#")[2])
    assert (words.code, words.number, words.name, words.course, words.issuer, words.issued_on) == (
        paper.code, paper.label, ga.full_name, "Khóa học thử", ISSUER["name"], paper.issued_on
    )  # fmt: skip


def test_when_nothing_can_sign_the_paper_waits_and_everybody_is_told_why(
    ga: Person, app: Flask, without_key: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = printed(issued(ga))
    assert (paper.sha256, paper.signature, paper.number) == (None, None, 1)
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "certificates.not-signed")).one()
    assert line.detail == {"reason": "key"}
    job = db.session.scalars(sa.select(Job).where(Job.task == "certificates.print")).one()
    assert (job.state, job.error) == ("failed", "CannotSign: key")

    account(ga)
    db.session.commit()
    owner = Visitor(app)
    owner.sign_in(ga.code)
    answer = owner.fetch(f"/my/certificates/{paper.id}.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    assert "đang chờ ký" in answer.text

    monkeypatch.setitem(app.config, "SIGNING_FILE", "")
    with clock.stopped(clock.now() + timedelta(minutes=5)):
        assert printed(paper).sha256 is not None


def test_the_doctor_says_what_to_do(app: Flask, without_key: None) -> None:
    assert "SIGNING_FILE" in app.test_cli_runner().invoke(doctor).output


def test_those_printed_before_the_fault_are_kept(
    ga: Person, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = issued(ga), issued(cast.an)
    right, calls = printing._sealed, []

    def fails_the_second_time(words: dict[str, object]) -> object:
        calls.append(words)
        if len(calls) == 2:
            raise identity.CannotSign("time-stamp")
        return right(words)

    monkeypatch.setattr(printing, "_sealed", fails_the_second_time)
    with pytest.raises(identity.CannotSign):
        printing.print_missing()
    names = [db.session.get_one(Certificate, paper.id, populate_existing=True).sha256 for paper in (first, second)]
    assert names[0] is not None and names[1] is None


def test_nobody_waits_behind_a_paper_that_cannot_be_set(ga: Person, cast: Cast) -> None:
    first, second = issued(ga), issued(cast.an)
    words = first.printed
    first.printed = {**words, "paper": {**words["paper"], "number": "1/2026/GCN\u2011KHCN"}}
    db.session.commit()
    assert [printing.print_missing() for _ in range(2)] == [1, 0]
    names = [db.session.get_one(Certificate, paper.id, populate_existing=True).sha256 for paper in (first, second)]
    assert names[0] is None and names[1] is not None


def test_a_stranger_gets_the_badge_by_code(ga: Person, visitor: Visitor) -> None:
    paper = issued(ga)
    answer = visitor.fetch(f"/verify/{paper.code}.json")
    subject = answer.json["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Ngô Thị Ga"
    assert subject["licenseNumber"] == paper.label
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    for kept in ("CB-7731", "0977000031", "Hải Châu"):
        assert kept not in answer.text
    assert visitor.fetch(f"/verify/{paper.code}.jwt").mimetype == "application/vc+jwt"
    assert [visitor.fetch(f"/verify/AAAAAAAAAA{end}").status_code for end in (".json", ".jwt", "/status.json")] == [
        404
    ] * 3


def test_programs_learn_of_a_revocation(ga: Person, dieu: Visitor) -> None:
    paper = issued(ga)
    stranger = Visitor(dieu.app)
    address = stranger.fetch(f"/verify/{paper.code}.json").json["credentialStatus"]["id"]
    path = address.removeprefix(dieu.app.config["BASE_URL"])
    assert stranger.fetch(path).json["revokedCredential"] == []
    dieu.visit(f"/certificates/{paper.id}/revoke").submit("Thu hồi", reason="Cấp nhầm người")
    answer = stranger.fetch(path)
    assert [one["revoked"] for one in answer.json["revokedCredential"]] == [True]
    assert "Cấp nhầm" not in answer.text


def test_programs_cannot_try_codes_for_long_either(
    ga: Person, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "VERIFY_LIMIT", 2)
    tries = [visitor.fetch(f"/verify/AAAAAAAAA{n}.json").status_code for n in range(3)]
    assert tries == [404, 404, 429]


def test_known_and_unknown_codes_cost_the_same(ga: Person, app: Flask, visitor: Visitor) -> None:
    paper = issued(ga)
    told: list[list[str]] = []
    for code in (paper.code, "AAAAAAAAAA", "A", "%"):
        statements: list[str] = []
        listen = lambda *event: statements.append(event[2])  # noqa: B023, E731
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        visitor.fetch(f"/verify/{code}")
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        told.append(statements)
    assert told[1:] == told[:-1]


def test_a_number_must_fit_its_code(ga: Person, cast: Cast) -> None:
    paper, other = issued(ga), issued(cast.an)
    assert (
        queries.by_code(paper.code, paper.label) == paper and queries.by_code(paper.code, paper.label.lower()) == paper
    )
    assert queries.by_code(paper.code, other.label) is None and queries.by_code("AAAAAAAAAA", paper.label) is None


def test_the_page_for_phones_needs_nothing_from_elsewhere(ga: Person, visitor: Visitor) -> None:
    issued(ga)
    page = visitor.visit("/verify/offline")
    assert page.status == 200
    assert not re.findall(r"<(?:link|img|iframe|script[^>]*\ssrc)", page.html), "one file"
    assert "url(" not in page.html and "@import" not in page.html
    policy = page.response.headers["Content-Security-Policy"]
    assert policy in page.html.replace("&#39;", "'") and policy.startswith("default-src 'none'")
    assert "private" not in page.html
