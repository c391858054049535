"""Pages of certificates."""

from datetime import timedelta

from flask import Blueprint, abort, g, jsonify, render_template, request, send_file
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import files, text, throttle
from lms.access import Permission, allow
from lms.certificates import printing, queries
from lms.certificates.awards import award_of
from lms.certificates.forms import VerifyForm
from lms.certificates.models import Certificate
from lms.certificates.rules import Kind, State
from lms.language import gettext
from lms.network import queries as network
from lms.trust import badges, symbol
from lms.trust.identity import CannotSign
from lms.trust.pades import Seal

certificates = Blueprint("certificates", __name__)

Page = str | Response | tuple[str, int]
VERIFY_LIMIT, VERIFY_WINDOW = 60, timedelta(minutes=5)
CODE_LETTERS = 20
UNKNOWN = "unknown"


@certificates.get("/my/certificates")
@allow(Permission.OWN)
def mine() -> str:
    """One's own certificates."""
    return render_template("certificates/mine.html", certificates=queries.mine(current_user.person_id))


@certificates.get("/my/certificates/<int:certificate_id>.pdf")
@allow(Permission.OWN)
def my_pdf(certificate_id: int) -> Response:
    """One's own paper."""
    return _pdf(queries.certificate(certificate_id))


@certificates.get("/certificates/<int:certificate_id>.pdf")
@allow(Permission.EXPORT)
def pdf(certificate_id: int) -> Response:
    """The paper of a person within reach."""
    return _pdf(queries.certificate(certificate_id))


@certificates.get("/people/<int:person_id>/certificates")
@allow(Permission.READ_PEOPLE)
def person(person_id: int) -> str:
    """The certificates of a person within reach."""
    found = queries.mine(person_id)
    return render_template("certificates/person.html", person=network.person(person_id), certificates=found)


@certificates.get("/verify")
@allow(Permission.PUBLIC)
def verify_form() -> Page:
    """Ask whether a certificate is genuine, by its number and code."""
    form = VerifyForm(request.args)
    if not request.args:
        return render_template("certificates/verify_form.html", form=VerifyForm(None))
    if not form.validate():
        return render_template("certificates/verify_form.html", form=form), 422
    return _verdict(form.code.data, form.number.data)


@certificates.get("/v/<code>")
@certificates.get("/verify/<code>")
@allow(Permission.PUBLIC)
def verify(code: str) -> Page:
    """Whether the certificate behind a QR symbol is genuine: its state, or unknown."""
    return _verdict(code, None)


@certificates.get("/verify/<code>.json")
@allow(Permission.PUBLIC)
def credential(code: str) -> Response:
    """The award as an Open Badges credential with a proof, for programs."""
    return _for_programs(badges.credential(award_of(_asked(code))))


@certificates.get("/verify/<code>.jwt")
@allow(Permission.PUBLIC)
def token(code: str) -> Response:
    """The award as a signed token, for programs."""
    return Response(badges.token(award_of(_asked(code))), mimetype="application/vc+jwt")


@certificates.get("/verify/<code>/status.json")
@allow(Permission.PUBLIC)
def status(code: str) -> Response:
    """Whether a credential has been revoked or replaced, for programs; when it expires it says itself."""
    found = _asked(code)
    return _for_programs(badges.status(found.code, is_revoked=found.state in (State.REVOKED, State.SUPERSEDED)))


def _verdict(code: str, number: str | None) -> Page:
    found = _found(code, number)
    verdict = found.state if found else UNKNOWN
    key = symbol.key_of(found.printed["paper"]["verify_url"]) if found else None
    seal = Seal.from_data(found.signature) if found and found.signature else None
    page = render_template("certificates/verify.html", verdict=verdict, certificate=found, key=key, seal=seal)
    return page, 404 if found is None else 200


def _asked(code: str) -> Certificate:
    """What a program asks for: an award, not a paper about another paper."""
    found = _found(code, None)
    return found if found and found.kind != Kind.CONFIRMATION else abort(404)


def _found(code: str, number: str | None) -> Certificate | None:
    """The certificate that a stranger asks for: whoever asks too often is sent away."""
    if throttle.is_exceeded(f"verify:{request.remote_addr}", limit=VERIFY_LIMIT, window=VERIFY_WINDOW):
        abort(429)
    return queries.by_code(text.clean(code).upper().replace("-", "").replace(" ", "")[:CODE_LETTERS], number)


def _for_programs(document: dict[str, object]) -> Response:
    response = jsonify(document)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _pdf(certificate: Certificate) -> Response:
    name = f"{certificate.year}-{certificate.number:06d} {certificate.printed['paper']['name']}.pdf"
    return send_file(files.path_of(printing.file_of(certificate)), mimetype="application/pdf", download_name=name)


@certificates.app_errorhandler(CannotSign)
def not_signed_yet(_error: CannotSign) -> tuple[str, int, dict[str, str]]:
    """The paper is issued and stays so; it is printed when it can be signed."""
    title, advice = gettext("error.not-signed.title"), gettext("error.not-signed.advice")
    page = render_template("errors/error.html", code=503, title=title, advice=advice, request_id=g.get("request_id"))
    return page, 503, {"Retry-After": "120"}
