"""Writing a QTI content package: a file for each item, the pictures, and the manifest that says what each item is about."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from lms import archives
from lms.catalogue import pictures
from lms.catalogue.content import Question
from lms.exchange import labels, markup
from lms.exchange.carried import Carried, Remark
from lms.exchange.losses import Losses
from lms.exchange.qti import MANIFEST, OUTCOME, TOPIC
from lms.exchange.qti_versions import LOM, VERSIONS, Version
from lms.exchange.qti_writing import identifier, item
from lms.exchange.xml import add, written

DIFFICULTY = {"easy": "easy", "medium": "medium", "hard": "difficult"}
KEYWORDS = ("author", "licence", "source", "excludes", "most-words", "unit")
LOM_SOURCE = "LOMv1.0"


def writer(code: str) -> Callable[[Carried], tuple[bytes, list[Remark]]]:
    """The writer of packages of a version."""
    return lambda carried: write(carried, code)


def write(carried: Carried, code: str) -> tuple[bytes, list[Remark]]:
    """The questions as a content package of a version, and what it cannot hold."""
    version, losses = VERSIONS[code], Losses(carried)
    for question in carried.questions:
        losses.pictures(question, carried.media)
    questions = [_told(question, losses) for question in carried.questions]
    files = {MANIFEST: written(_manifest(carried, questions, version))}
    files |= {f"{identifier(question)}.xml": written(item(question, version)) for question in questions}
    paths = sorted({path for question in questions for path in pictures.of_question(question)} & carried.media.keys())
    return archives.zipped(files | {path: carried.media[path] for path in paths}), losses.remarks


def _told(question: Question, losses: Losses) -> Question:
    """The question as it can be written; what is lost of it is said."""
    question = losses.one_variant(question)
    if not all(map(markup.is_exact, pictures.texts(question))):
        losses.lose(question, "lost-spelling")
    return question


def _manifest(carried: Carried, questions: list[Question], version: Version) -> Element:
    root = Element("manifest", {"xmlns": version.package_namespace, "xmlns:imsmd": LOM, "identifier": "MANIFEST"})
    metadata = add(root, "metadata")
    add(metadata, "schema", version.package_schema)
    add(metadata, "schemaversion", version.package_version)
    about = add(metadata, "imsmd:lom")
    if carried.title:
        add(add(add(about, "imsmd:general"), "imsmd:title"), "imsmd:string", carried.title, language="vi")
    for id, title in carried.topics:
        _classified(about, TOPIC, id, title)
    add(root, "organizations")
    resources, titles = add(root, "resources"), dict(carried.topics)
    for question in questions:
        name = f"{identifier(question)}.xml"
        resource = add(resources, "resource", identifier=f"R-{identifier(question)}", type=version.item_type, href=name)
        _about(add(add(resource, "metadata"), "imsmd:lom"), question, titles)
        for path in [name, *(path for path in pictures.of_question(question) if path in carried.media)]:
            add(resource, "file", href=path)
        resource.tail = "\n"
    return root


def _about(lom: Element, question: Question, titles: Mapping[str, str]) -> None:
    """What a question is about, as LOM says it; what LOM has no word for are keywords."""
    general = add(lom, "imsmd:general")
    add(add(general, "imsmd:identifier"), "imsmd:entry", question.id)
    said = labels.labels(question, *KEYWORDS, *(["forgive"] if question.type == "short" else []))
    for label in said + labels.gap_labels(question):
        add(add(general, "imsmd:keyword"), "imsmd:string", label, language="vi")
    difficulty = add(add(lom, "imsmd:educational"), "imsmd:difficulty")
    add(difficulty, "imsmd:source", LOM_SOURCE)
    add(difficulty, "imsmd:value", DIFFICULTY.get(question.difficulty, "medium"))
    if question.topic:
        _classified(lom, TOPIC, question.topic, titles.get(question.topic, question.topic))
    if question.outcome:
        _classified(lom, OUTCOME, question.outcome, question.outcome)


def _classified(lom: Element, purpose: str, id: str, words: str) -> None:
    classification = add(lom, "imsmd:classification")
    meant = add(classification, "imsmd:purpose")
    add(meant, "imsmd:source", LOM_SOURCE)
    add(meant, "imsmd:value", purpose)
    taxon = add(add(classification, "imsmd:taxonPath"), "imsmd:taxon")
    add(taxon, "imsmd:id", id)
    add(add(taxon, "imsmd:entry"), "imsmd:string", words, language="vi")
