"""The form of a design: every field of `Design` as a clerk types it, and back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    ColorField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from lms import files, text
from lms.certificates import pictures, samples
from lms.certificates.design import (
    FACTS,
    LANGUAGES,
    LONGEST,
    MOST_FACTS,
    MOST_SIGNATORIES,
    STOCK,
    Design,
    English,
    Signatory,
    problems,
)
from lms.certificates.designs import CertificateDesign
from lms.certificates.frame import FRAMES
from lms.certificates.layouts import ORIENTATIONS
from lms.certificates.pictures import BadPicture
from lms.fonts import printable
from lms.forms import Form, LongTextField, TextField
from lms.language import Lazy, format_number, gettext

MILLIMETRES = re.compile(r"([+\-−]?)(\d{1,3})(?:[.,](\d))?")
LONGEST_NAME = 120
PLAIN = ("title", "lead", "deed", "basis", "note")
OF_ENGLISH = (*PLAIN, "superior", "issuer")
PICTURES = ("logo", "seal")
CHOSEN = ("languages", "orientation", "frame", "right", "up")


class MillimetresField(StringField):
    """Millimetres typed as 3, -1,5 or 2.5."""

    data: Any

    def __init__(self, label: Lazy, **options: Any) -> None:
        super().__init__(
            label, [Optional()], render_kw={"class": "short", "inputmode": "text", "maxlength": 6}, **options
        )

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = 0.0
        if not (typed := text.clean(values[0]).replace(" ", "") if values else ""):
            return
        if not (found := MILLIMETRES.fullmatch(typed)):
            raise ValueError(gettext("design.wrong.millimetres"))
        sign, whole, tenth = found.groups()
        self.data = (-1 if sign in ("-", "−") else 1) * float(f"{whole}.{tenth or 0}") + 0.0

    def _value(self) -> str:
        return text.clean(self.raw_data[0]) if self.raw_data else format_number(self.data or 0)


class StockField(SelectMultipleField):
    """What the stock bears already, one check box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class UploadField(FileField):
    """A new picture, or none."""

    def __init__(self, label: Lazy, **options: Any) -> None:
        super().__init__(label, [Optional()], render_kw={"accept": "image/png,image/jpeg"}, **options)


class DesignForm(Form):
    """A design. `seen` tells which save of the draft the page showed; `sample` is a name to try, kept nowhere."""

    seen = IntegerField(widget=HiddenInput(), default=0)
    title = TextField(Lazy("design.title"), max_length=LONGEST["title"])
    lead = TextField(Lazy("design.lead"), [Optional()], max_length=LONGEST["lead"])
    deed = TextField(Lazy("design.deed"), max_length=LONGEST["deed"])
    basis = TextField(Lazy("design.basis"), [Optional()], max_length=LONGEST["basis"])
    note = TextField(Lazy("design.note"), [Optional()], max_length=LONGEST["note"])
    languages = RadioField(
        Lazy("design.languages"), choices=lambda: [(code, gettext(f"design.languages.{code}")) for code in LANGUAGES]
    )
    english_title = TextField(Lazy("design.english.title"), [Optional()], max_length=LONGEST["title"])
    english_lead = TextField(Lazy("design.english.lead"), [Optional()], max_length=LONGEST["lead"])
    english_deed = TextField(Lazy("design.english.deed"), [Optional()], max_length=LONGEST["deed"])
    english_basis = TextField(Lazy("design.english.basis"), [Optional()], max_length=LONGEST["basis"])
    english_note = TextField(Lazy("design.english.note"), [Optional()], max_length=LONGEST["note"])
    english_superior = TextField(Lazy("design.english.superior"), [Optional()], max_length=LONGEST_NAME)
    english_issuer = TextField(Lazy("design.english.issuer"), [Optional()], max_length=LONGEST_NAME)
    fact_1 = SelectField(Lazy("design.fact", n=1), choices=lambda: _facts())
    fact_2 = SelectField(Lazy("design.fact", n=2), choices=lambda: _facts())
    fact_3 = SelectField(Lazy("design.fact", n=3), choices=lambda: _facts())
    fact_4 = SelectField(Lazy("design.fact", n=4), choices=lambda: _facts())
    fact_5 = SelectField(Lazy("design.fact", n=5), choices=lambda: _facts())
    titles_1 = LongTextField(Lazy("design.titles"), [Optional()], max_length=LONGEST_NAME)
    name_1 = TextField(Lazy("design.name"), [Optional()], max_length=LONGEST_NAME)
    ranks_1 = TextField(Lazy("design.english-titles"), [Optional()], max_length=LONGEST_NAME)
    titles_2 = LongTextField(Lazy("design.titles"), [Optional()], max_length=LONGEST_NAME)
    name_2 = TextField(Lazy("design.name"), [Optional()], max_length=LONGEST_NAME)
    ranks_2 = TextField(Lazy("design.english-titles"), [Optional()], max_length=LONGEST_NAME)
    logo = HiddenField()
    logo_file = UploadField(Lazy("design.logo"))
    no_logo = BooleanField(Lazy("design.no-logo"))
    seal = HiddenField()
    seal_file = UploadField(Lazy("design.seal"))
    no_seal = BooleanField(Lazy("design.no-seal"))
    accent = ColorField(Lazy("design.accent"))
    frame = RadioField(
        Lazy("design.frame"), choices=lambda: [(code, gettext(f"design.frame.{code}")) for code in FRAMES]
    )
    orientation = RadioField(
        Lazy("design.orientation"),
        choices=lambda: [(code, gettext(f"design.orientation.{code}")) for code in ORIENTATIONS],
    )
    stock = StockField(
        Lazy("design.stock"), [Optional()], choices=lambda: [(code, gettext(f"design.stock.{code}")) for code in STOCK]
    )
    right = MillimetresField(Lazy("design.right"))
    up = MillimetresField(Lazy("design.up"))
    months = IntegerField(Lazy("design.months"), [Optional()], render_kw={"class": "short", "min": 0})
    sample = TextField(Lazy("design.sample"), [Optional()], max_length=LONGEST_NAME, render_kw={"list": "samples"})

    def __init__(self, kind: str, design: Design, seen: int = 0) -> None:
        super().__init__(data={"seen": seen, "sample": samples.names()[0], **typed(design)})
        self.kind = kind

    def validate(self, extra_validators: Any = None) -> bool:
        """What each field wants, then what the whole design wants."""
        is_valid = super().validate(extra_validators)
        for name in PICTURES:
            is_valid = self._take_picture(name) and is_valid
        for field, problem in self._problems():
            if not field.errors:
                field.errors = [gettext(f"design.wrong.{problem}")]
                is_valid = False
        return is_valid

    @property
    def design(self) -> Design:
        """The design as it is typed."""
        texts: dict[str, Any] = {name: self[name].data or "" for name in PLAIN}
        return Design(
            kind=self.kind,
            facts=tuple(field.data for field in self.facts if field.data),
            signatories=tuple(self._signatories()),
            english=English(**{name: self[f"english_{name}"].data or "" for name in OF_ENGLISH}),
            months=self.months.data or 0,
            stock=tuple(one for one in STOCK if one in (self.stock.data or ())),
            logo=self.logo.data or "",
            seal=self.seal.data or "",
            accent=(self.accent.data or "").lower(),
            **texts,
            **{name: self[name].data for name in CHOSEN},
        )

    @property
    def sample_name(self) -> str:
        """The name to try; without one a usual one."""
        return self.sample.data or samples.names()[0]

    def tell_saved_meanwhile(self, draft: CertificateDesign | None) -> None:
        """Say that the draft is another one by now; who saves once more replaces it knowingly."""
        self.form_errors.append(gettext("design.saved-meanwhile"))
        self.seen.data, self.seen.raw_data = draft.saves if draft else 0, None

    @property
    def facts(self) -> list[Field]:
        return [self[f"fact_{turn}"] for turn in range(1, MOST_FACTS + 1)]

    @property
    def signing(self) -> list[tuple[Field, Field, Field]]:
        """Titles, name and titles in English of each who may sign."""
        turns = range(1, MOST_SIGNATORIES + 1)
        return [(self[f"titles_{turn}"], self[f"name_{turn}"], self[f"ranks_{turn}"]) for turn in turns]

    def _signatories(self) -> Iterator[Signatory]:
        for titles, name, ranks in self.signing:
            lines = tuple(filter(None, map(text.clean, (titles.data or "").splitlines())))
            if lines or name.data or ranks.data:
                yield Signatory(lines, name.data or "", ranks.data or "")

    def _problems(self) -> Iterator[tuple[Field, str]]:
        """Each problem at the field in which it can be mended."""
        design = self.design
        for name, problem in problems(design).items():
            if name == "facts":
                yield self.fact_1, problem
            elif name == "signatories":
                yield self._signing_wrong(design), problem
            elif name == "english":
                yield self._english_wrong(), problem
            elif name in LONGEST and name not in problems(replace(design, english=English())):
                yield self[f"english_{name}"], problem
            else:
                yield self[f"{name}_file" if name in PICTURES else name], problem
        if not printable().issuperset(self.sample.data or ""):
            yield self.sample, "unprintable-letter"

    def _signing_wrong(self, design: Design) -> Field:
        """The titles of the first signatory who cannot stand so."""
        wrong = (
            titles
            for (titles, *_), one in zip(self.signing, self._signatories(), strict=False)
            if "signatories" in problems(replace(design, signatories=(one,)))
        )
        return next(wrong, self.titles_1)

    def _english_wrong(self) -> Field:
        fits = printable().issuperset(self.english_superior.data or "")
        return self.english_issuer if fits else self.english_superior

    def _take_picture(self, name: str) -> bool:
        """Keep an upload under its hash, so that it is not lost when something else has to be mended; False when it is refused."""
        kept, upload = self[name], self[f"{name}_file"]
        if self[f"no_{name}"].data:
            kept.data = ""
        elif upload.data:
            try:
                kept.data = files.put(pictures.accepted(upload.data.read()))
            except BadPicture as refusal:
                upload.errors = [gettext(f"design.wrong.{refusal.problem}")]
        if kept.data and not _is_picture(kept.data):
            kept.data, upload.errors = "", [gettext("design.wrong.unknown-picture")]
        self[f"no_{name}"].data = False
        return not upload.errors


def typed(design: Design) -> dict[str, Any]:
    """A design as the form's fields have it."""
    data: dict[str, Any] = {name: getattr(design, name) for name in (*PLAIN, *CHOSEN, *PICTURES, "accent", "months")}
    data |= {f"english_{name}": getattr(design.english, name) for name in OF_ENGLISH}
    data |= {f"fact_{turn}": fact for turn, fact in enumerate(design.facts, 1)}
    for turn, one in enumerate(design.signatories, 1):
        data |= {f"titles_{turn}": "\n".join(one.titles), f"name_{turn}": one.name, f"ranks_{turn}": one.english}
    return data | {"stock": list(design.stock)}


def _is_picture(name: str) -> bool:
    try:
        return pictures.is_kept(files.read(name))
    except FileNotFoundError:
        return False


def _facts() -> list[tuple[str, str]]:
    return [("", gettext("design.no-fact")), *((code, gettext(f"certificate.fact.{code}")) for code in FACTS)]
