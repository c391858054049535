"""The plain forms of blocks: what a trainer fills in instead of Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import FieldList, HiddenField, SelectField
from wtforms.validators import ValidationError

from lms import text
from lms.authoring.editor_fields import CodeField, LinesField, MarkdownField, UploadField, entered
from lms.authoring.opened import Opened
from lms.catalogue.blocks import CALLOUTS
from lms.catalogue.plain import (
    Asked,
    Callout,
    Checklist,
    Heading,
    Media,
    Picture,
    Plain,
    Slides,
    Table,
    Text,
)
from lms.forms import Form, TextField
from lms.language import Lazy, gettext

MOST_ROWS, MOST_COLUMNS, MOST_SLIDES = 200, 12, 100
LEVELS = ("2", "3", "4")


class BlockForm(Form):
    """Where the block stands: `count` blocks from place `at` of the revision `base`."""

    base = HiddenField()
    at = HiddenField()
    count = HiddenField()
    kind = HiddenField()

    def offer(self, draft: Opened) -> None:
        """Offer what of the draft may be chosen."""

    def show(self, said: Any) -> dict[str, Any]:
        """The fields of a plain form."""
        return {}

    def plain(self) -> Plain:
        """What is filled in."""
        raise NotImplementedError

    def grow(self, what: str) -> None:
        """Make room for more: a row, a column, a slide."""

    def with_media(self, media: Mapping[str, str]) -> dict[str, str]:
        """The media with those that were sent, which then are chosen."""
        return dict(media)


class TextBlock(BlockForm):
    words = MarkdownField(Lazy("editor.words"), [entered], render_kw={"rows": 8})

    def show(self, said: Text) -> dict[str, Any]:
        return {"words": said.text}

    def plain(self) -> Plain:
        return Text(self.words.data)


class HeadingBlock(BlockForm):
    level = SelectField(Lazy("editor.level"), choices=[])
    words = TextField(Lazy("editor.heading"), [entered], max_length=300)

    def offer(self, draft: Opened) -> None:
        self.level.choices = [(level, gettext(f"editor.level.{level}")) for level in LEVELS]

    def show(self, said: Heading) -> dict[str, Any]:
        return {"level": str(said.level), "words": said.text}

    def plain(self) -> Plain:
        return Heading(int(self.level.data), self.words.data or "")


class ImageBlock(BlockForm):
    upload = UploadField(Lazy("editor.picture"), ["picture"])
    target = CodeField(Lazy("editor.picture-there"))
    alt = TextField(Lazy("editor.alt"), [entered], max_length=1000)
    caption = TextField(Lazy("editor.caption"), max_length=500)

    def offer(self, draft: Opened) -> None:
        offer_media(self.target, draft, "picture")

    def validate_target(self, field: CodeField) -> None:
        require_file(self.upload, field)

    def with_media(self, media: Mapping[str, str]) -> dict[str, str]:
        return put_into(self.target, self.upload, media)

    def show(self, said: Picture) -> dict[str, Any]:
        return {"target": said.target, "alt": said.alt, "caption": said.caption}

    def plain(self) -> Plain:
        return Picture(self.target.data or "", self.alt.data or "", self.caption.data or "")


class Row(FieldList):
    """A row of cells."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(TextField(Lazy("editor.cell"), max_length=2000), label, validators, **options)


class TableBlock(BlockForm):
    """Rows of cells, the first being the head. What is pasted from a sheet replaces them."""

    rows = FieldList(Row(max_entries=MOST_COLUMNS), max_entries=MOST_ROWS)
    pasted = MarkdownField(Lazy("editor.pasted"), render_kw={"rows": 4})

    def show(self, said: Table) -> dict[str, Any]:
        return {"rows": [list(row) for row in said.cells]}

    def plain(self) -> Plain:
        rows = [list(map(text.clean, row)) for row in self.rows.data]
        if self.pasted.data:
            rows = [list(map(text.clean, line.split("\t"))) for line in self.pasted.data.split("\n") if line.strip()]
        head, kept = (rows or [[""]])[0], [row for row in rows[1:] if any(row)]
        width = max(1, *map(_used, [head, *kept]))  # columns at the end that hold nothing go
        return Table(tuple((*row, *[""] * width)[:width] for row in [head, *kept]))

    def grow(self, what: str) -> None:
        if what == "column":
            for row in self.rows:
                append_to(row)
        else:
            append_to(self.rows, [""] * len(self.rows[0].entries if self.rows.entries else ()))

    def validate_pasted(self, field: MarkdownField) -> None:
        lines = (field.data or "").split("\n")
        if len(lines) > MOST_ROWS or any(line.count("\t") >= MOST_COLUMNS for line in lines):
            raise ValidationError(gettext("editor.table-too-large", rows=MOST_ROWS, columns=MOST_COLUMNS))


class CalloutBlock(BlockForm):
    callout = SelectField(Lazy("editor.callout"), choices=[])
    heading = TextField(Lazy("editor.title"), max_length=300)
    body = MarkdownField(Lazy("editor.words"), [entered], render_kw={"rows": 8})

    def offer(self, draft: Opened) -> None:
        self.callout.choices = [(name, gettext(f"callout.{name}")) for name in CALLOUTS]

    def show(self, said: Callout) -> dict[str, Any]:
        return {"callout": said.name, "heading": said.title, "body": said.body}

    def plain(self) -> Plain:
        return Callout(self.callout.data, self.heading.data or "", self.body.data)


class ChecklistBlock(BlockForm):
    items = LinesField(Lazy("editor.items"), [entered], render_kw={"rows": 6})

    def show(self, said: Checklist) -> dict[str, Any]:
        return {"items": list(said.items)}

    def plain(self) -> Plain:
        return Checklist(tuple(self.items.data))


class MediaBlock(BlockForm):
    """A film, a sound, a file or a package, new or already there."""

    roles: Sequence[str] = ()
    upload: UploadField
    target = CodeField(Lazy("editor.file-there"))
    heading = TextField(Lazy("editor.title"), [entered], max_length=300)
    body: MarkdownField

    def offer(self, draft: Opened) -> None:
        offer_media(self.target, draft, *self.roles)

    def validate_target(self, field: CodeField) -> None:
        require_file(self.upload, field)

    def with_media(self, media: Mapping[str, str]) -> dict[str, str]:
        return put_into(self.target, self.upload, media)

    def show(self, said: Media) -> dict[str, Any]:
        return {"target": said.target, "heading": said.title, "body": said.body}

    def plain(self) -> Plain:
        return Media(self.kind.data or "", self.target.data or "", self.heading.data or "", self.body.data)


class VideoBlock(MediaBlock):
    roles = ("video",)
    upload = UploadField(Lazy("editor.video"), ["video"])
    captions_upload = UploadField(Lazy("editor.captions"), ["captions"])
    captions = CodeField(Lazy("editor.captions-there"))
    poster = CodeField(Lazy("editor.poster"))
    body = MarkdownField(Lazy("editor.transcript"), [entered], render_kw={"rows": 8})

    def offer(self, draft: Opened) -> None:
        super().offer(draft)
        offer_media(self.captions, draft, "captions")
        offer_media(self.poster, draft, "picture")

    def with_media(self, media: Mapping[str, str]) -> dict[str, str]:
        return put_into(self.captions, self.captions_upload, super().with_media(media))

    def show(self, said: Media) -> dict[str, Any]:
        return {**super().show(said), "captions": said.captions, "poster": said.poster}

    def plain(self) -> Plain:
        target, heading = self.target.data or "", self.heading.data or ""
        captions, poster = self.captions.data or "", self.poster.data or ""
        return Media("video", target, heading, self.body.data, captions, poster)


class AudioBlock(MediaBlock):
    roles = ("audio",)
    upload = UploadField(Lazy("editor.audio"), ["audio"])
    body = MarkdownField(Lazy("editor.transcript"), [entered], render_kw={"rows": 8})


class FileBlock(MediaBlock):
    roles = ("document", "package", "picture", "audio", "video")
    upload = UploadField(Lazy("editor.file"), ["document", "package"])
    body = MarkdownField(Lazy("editor.file-words"), render_kw={"rows": 3})


class EmbedBlock(MediaBlock):
    roles = ("package",)
    upload = UploadField(Lazy("editor.package"), ["package"])
    body = MarkdownField(Lazy("editor.package-words"), [entered], render_kw={"rows": 5})


class QuestionBlock(BlockForm):
    question = CodeField(Lazy("editor.question"), [entered])

    def offer(self, draft: Opened) -> None:
        asked = draft.content.quiz.questions if draft.content else ()
        self.question.offer(((q.id, f"{q.id}. {q.text[:100]}") for q in asked if not q.is_marked_by_hand), "–")

    def show(self, said: Asked) -> dict[str, Any]:
        return {"question": said.question}

    def plain(self) -> Plain:
        return Asked(self.question.data or "")


class SlidesBlock(BlockForm):
    heading = TextField(Lazy("editor.title"), [entered], max_length=300)
    slides = FieldList(MarkdownField(Lazy("editor.slide"), render_kw={"rows": 6}), max_entries=MOST_SLIDES)

    def show(self, said: Slides) -> dict[str, Any]:
        return {"heading": said.title, "slides": list(said.slides)}

    def grow(self, what: str) -> None:
        append_to(self.slides)

    def plain(self) -> Plain:
        return Slides(self.heading.data or "", tuple(slide for slide in self.slides.data if slide.strip()))

    def validate_slides(self, field: FieldList) -> None:
        if not any((slide or "").strip() for slide in field.data):
            raise ValidationError(gettext("form.required"))


class MarkdownBlock(BlockForm):
    """A block as its Markdown."""

    source = MarkdownField(Lazy("editor.markdown"), render_kw={"rows": 6, "class": "code", "spellcheck": "false"})


@dataclass(frozen=True)
class Kind:
    """A kind of block that can be added: its form, and the plain form that a new one begins with."""

    form: type[BlockForm]
    blank: Plain


KINDS: Mapping[str, Kind] = {
    "text": Kind(TextBlock, Text("")),
    "heading": Kind(HeadingBlock, Heading(2, "")),
    "image": Kind(ImageBlock, Picture("", "")),
    "table": Kind(TableBlock, Table((("", "", ""), ("", "", ""), ("", "", "")))),
    "callout": Kind(CalloutBlock, Callout("example", "", "")),
    "checklist": Kind(ChecklistBlock, Checklist(())),
    "video": Kind(VideoBlock, Media("video", "", "")),
    "audio": Kind(AudioBlock, Media("audio", "", "")),
    "file": Kind(FileBlock, Media("file", "", "")),
    "embed": Kind(EmbedBlock, Media("embed", "", "")),
    "question": Kind(QuestionBlock, Asked("")),
    "slides": Kind(SlidesBlock, Slides("", ("", ""))),
}


def append_to(rows: FieldList, data: Any = None) -> None:
    """One more entry, unless the list is full."""
    if len(rows.entries) < (rows.max_entries or MOST_ROWS):
        rows.append_entry(data)


def offer_media(field: CodeField, draft: Opened, *roles: str) -> None:
    """Offer the media of a draft that are of some kinds."""
    field.offer(((path, path.removeprefix("media/")) for path in draft.media_of(*roles)), "–")


def require_file(upload: UploadField, chosen: CodeField) -> None:
    """A file is sent, or one that is there is chosen."""
    if not upload.is_given and not chosen.data:
        raise ValidationError(gettext("editor.choose-file"))


def put_into(chosen: CodeField, upload: UploadField, media: Mapping[str, str]) -> dict[str, str]:
    """The media with the file that was sent, which is chosen from now on."""
    if not upload.is_given:
        return dict(media)
    chosen.data, found = upload.stored(media)
    return found


def _used(row: Sequence[str]) -> int:
    return max((number for number, cell in enumerate(row, start=1) if cell), default=0)
