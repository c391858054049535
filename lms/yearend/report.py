"""The official report: findings and what the officer wrote, as a document. In Vietnamese, whoever asks for it."""

from collections.abc import Iterator, Mapping, Sequence

from lms import text
from lms.catalogue import queries as catalogue
from lms.documents.model import Annex, Block, Column, Document, Head, Heading, Paragraph, Recipients, Signature, Table
from lms.goals.dashboard import ORDER, Shown
from lms.language import format_date, format_instant, format_number, gettext, official_date, speaking
from lms.plans.rules import MODULE, PERIODS
from lms.yearend import annexes, rules
from lms.yearend.annexes import words
from lms.yearend.findings import Findings, Planned
from lms.yearend.models import YearEndReport, YearEndSetting
from lms.yearend.rules import roman

LANGUAGE = "vi"
MOST_COURSES = 20


def document(found: Findings, setting: YearEndSetting, report: YearEndReport) -> Document:
    """The report, ready to be set."""
    with speaking(LANGUAGE):
        return Document(
            head=head_of(setting, report),
            kind=gettext("yearend.kind"),
            excerpt=gettext("yearend.excerpt", year=found.year),
            bases=_listed([gettext("yearend.basis", basis=line) for line in _lines(setting.legal_basis)]),
            blocks=tuple(_blocks(found, setting, report)),
            signature=Signature(_lines(setting.ranks), setting.signatory),
            recipients=Recipients(
                gettext("yearend.recipients"), _listed([f"- {line}" for line in _lines(setting.recipients)])
            ),
            annexes=tuple(_annexes(found, setting, report)),
        )


def head_of(setting: YearEndSetting, report: YearEndReport) -> Head:
    """The head of the report; what is signed by hand is left open."""
    return Head(
        superior=setting.superior.upper(),
        body=setting.body.upper(),
        number=gettext("yearend.number", number=_number(setting, report)),
        nation=gettext("certificate.nation"),
        motto=gettext("certificate.motto"),
        dated=f"{setting.place}, {_dated(report)}",
    )


def lacking_words(found: Findings) -> Sequence[tuple[str, int]]:
    """What people lack in words, most people first."""
    slugs = [code.removeprefix(MODULE) for code in found.lacking if code.startswith(MODULE)]
    titles = catalogue.titles(catalogue.by_slug(slugs).values())
    lines = sorted(
        ((code, people) for code, people in found.lacking.items() if people > 0), key=lambda one: (-one[1], one[0])
    )
    return [(text.capitalised(_competency(code, titles)), people) for code, people in lines]


def _blocks(found: Findings, setting: YearEndSetting, report: YearEndReport) -> Iterator[Block]:
    yield Paragraph(gettext("yearend.lead", body=setting.body, unit=found.unit, year=found.year))
    sections = (
        ("results", _results(found)),
        ("comparison", _comparison(found)),
        ("behind", _behind(found)),
        ("exempt", _exempt(found)),
        ("plan", _plan(found)),
        ("learning", _learning(found)),
        ("obstacles", _written(report.obstacles)),
        ("proposals", _written(report.proposals)),
    )
    for number, (name, blocks) in enumerate(sections, 1):
        yield Heading(f"{roman(number)}. {gettext(f'yearend.section.{name}')}")
        yield from blocks
    yield Paragraph(gettext("yearend.end", year=found.year))


def _results(found: Findings) -> Iterator[Block]:
    whole, day = found.whole, format_date(found.told.as_of)
    met, counted = whole.met or 0, whole.counted or 0
    yield Paragraph(gettext("yearend.goal", policy=found.policy))
    yield Paragraph(
        gettext(
            "yearend.result",
            day=day,
            all=format_number(whole.all),
            counted=format_number(counted),
            met=format_number(met),
            rate=words(annexes.rate(whole)),
            short=format_number(counted - met),
            points=words(rules.missing_points(met, counted)),
        )
    )
    yield Paragraph(_source(found))
    rows = tuple(
        (gettext(f"status.{status}"), words(whole.counts[status])) for status in ORDER if whole.counts.get(status)
    )
    columns = Column(gettext("yearend.column.status"), 3), Column(gettext("yearend.column.people"), 1, is_number=True)
    total = (gettext("yearend.total"), words(whole.all))
    yield Table(columns, (*rows, total), gettext("yearend.table.statuses"), totals=1)
    labels = [f"{one.label} ({one.named.lower()})" for one in annexes.annexed(found)]
    yield Paragraph(gettext("yearend.see", annexes=", ".join(labels), people=annexes.people_label(found)))


def _source(found: Findings) -> str:
    """Where the numbers come from, said on the report itself."""
    told = found.told
    values = {"at": format_instant(told.known_at), "day": format_date(told.as_of)}
    book = {"version": told.version, "seal": told.seal[:16]}
    if told.source == rules.Source.LIVE:
        return gettext("yearend.source.live", **values)
    return gettext(f"yearend.source.{told.source}", **values, **book)


def _comparison(found: Findings) -> Iterator[Block]:
    now, last = found.this_year, found.last_year
    columns = (
        Column(gettext("yearend.column.year"), 1.4),
        *(Column(gettext(f"yearend.column.{name}"), 1, is_number=True) for name in annexes.COUNTS),
    )
    if not last.all:
        yield Paragraph(gettext("yearend.no-last-year", year=found.year - 1))
        return
    yield Paragraph(_change(now, last, found.year))
    rows = [
        (str(year), *map(words, annexes.counts(shown))) for year, shown in ((found.year - 1, last), (found.year, now))
    ]
    yield Table(columns, tuple(rows), gettext("yearend.table.comparison"))


def _change(now: Shown, last: Shown, year: int) -> str:
    before, after = annexes.rate(last) or 0.0, annexes.rate(now) or 0.0
    key = "same" if before == after else "up" if after > before else "down"
    values = {
        "year": year,
        "before": words(before),
        "after": words(after),
        "points": words(round(abs(after - before), 1)),
    }
    return gettext(f"yearend.change.{key}", **values)


def _behind(found: Findings) -> Iterator[Block]:
    short = (found.whole.counted or 0) - (found.whole.met or 0)
    if not short:
        yield Paragraph(gettext("yearend.nobody-behind"))
        return
    yield Paragraph(gettext("yearend.behind", people=format_number(short)))
    yield _pairs(gettext("yearend.table.behind"), gettext("yearend.column.lacking"), lacking_words(found))


def _exempt(found: Findings) -> Iterator[Block]:
    scopes = [(gettext(f"yearend.exempt.{scope}"), n) for scope, n in found.exemptions.items()]
    kinds = [(gettext(f"absence.type.{kind}"), n) for kind, n in found.absences.items()]
    yield Paragraph(
        gettext("yearend.exempt", exempt=format_number(found.whole.counts.get("exempt", 0))) if scopes or found.whole.all
        else gettext("yearend.nothing")
    )  # fmt: skip
    if scopes:
        yield _pairs(gettext("yearend.table.exemptions"), gettext("yearend.column.exempt-from"), scopes)
    if kinds:
        yield _pairs(gettext("yearend.table.absences"), gettext("yearend.column.absence"), kinds)


def _plan(found: Findings) -> Iterator[Block]:
    if found.planned is None:
        yield Paragraph(gettext("yearend.no-plan", year=found.year))
        return
    plan, seats = found.planned.plan, sum(line.item.seats for line in found.planned.lines)
    share = None if found.planned.share is None else round(100 * float(found.planned.share), 1)
    yield Paragraph(
        gettext(
            "yearend.plan",
            number=plan.decision_number or "",
            day=format_date(plan.approved_on),
            items=format_number(len(found.planned.lines)),
            seats=format_number(seats),
            share=words(share),
        )
    )
    yield _plan_table(found.planned)


def _plan_table(planned: Planned) -> Table:
    columns = (
        Column(gettext("yearend.column.number"), 0.6, is_number=True),
        Column(gettext("yearend.column.item"), 4),
        Column(gettext("yearend.column.seats"), 1, is_number=True),
        Column(gettext("yearend.column.reached"), 1, is_number=True),
        Column(gettext("yearend.column.share"), 1, is_number=True),
    )
    rows = tuple(
        (
            str(line.number), line.item.title, words(line.item.seats), words(line.reached),
            words(None if line.share is None else round(100 * float(line.share), 1)),
        )
        for line in planned.lines
    )  # fmt: skip
    return Table(columns, rows, gettext("yearend.table.plan"))


def _learning(found: Findings) -> Iterator[Block]:
    completions = sum(people for _, people in found.courses)
    yield Paragraph(
        gettext(
            "yearend.learning",
            completions=format_number(completions),
            courses=format_number(len(found.courses)),
            issued=format_number(found.issued),
            revoked=format_number(found.revoked),
        )
    )
    if found.courses:
        yield _pairs(gettext("yearend.table.courses"), gettext("yearend.column.course"), found.courses[:MOST_COURSES])
    if len(found.courses) > MOST_COURSES:
        yield Paragraph(gettext("yearend.more-courses", courses=format_number(len(found.courses) - MOST_COURSES)))


def _written(said: str) -> Iterator[Block]:
    yield Paragraph(said or gettext("yearend.nothing"))


def _pairs(caption: str, named: str, lines: Sequence[tuple[str, int]]) -> Table:
    columns = Column(named, 4), Column(gettext("yearend.column.people"), 1, is_number=True)
    return Table(columns, tuple((name, words(number)) for name, number in lines), caption)


def _annexes(found: Findings, setting: YearEndSetting, report: YearEndReport) -> Iterator[Annex]:
    reference = gettext("yearend.reference", number=_number(setting, report), dated=_dated(report), body=setting.body)
    for one in annexes.annexed(found):
        yield Annex(one.label, one.title.upper(), reference, (one.table,))
    people, title = format_number(found.whole.all), gettext("yearend.annex-of.people").upper()
    told = Paragraph(gettext("yearend.in-workbook", people=people))
    yield Annex(annexes.people_label(found), title, reference, (told,))


def _competency(code: str, titles: Mapping[str, str]) -> str:
    if code == PERIODS:
        return gettext("plans.periods")
    if code.startswith(MODULE):
        slug = code.removeprefix(MODULE)
        return gettext("plans.module", course=titles.get(slug, slug))
    return gettext(f"category.{code}")


def _number(setting: YearEndSetting, report: YearEndReport) -> str:
    return rules.dispatch(setting.number_pattern, report.dispatch_number)


def _dated(report: YearEndReport) -> str:
    """«ngày 05 tháng 9 năm 2026»; left open while nobody has signed."""
    day = report.signed_on
    return official_date(gettext("certificate.dated"), day) if day else gettext("yearend.undated", year=report.year)


def _listed(lines: Sequence[str]) -> tuple[str, ...]:
    """A semicolon after each line, and a full stop after the last."""
    return tuple(f"{line.rstrip(';.')}{'.' if n == len(lines) else ';'}" for n, line in enumerate(lines, 1))


def _lines(written: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in written.split("\n") if line.strip())
