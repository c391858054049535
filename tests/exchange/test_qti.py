"""QTI items and packages: what is written is sound in each version, and what others write is understood."""

import re
from io import BytesIO
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings

from lms.catalogue.content import Gap, Option, Question
from lms.exchange import qti, qti_packages
from lms.exchange.carried import Carried
from lms.exchange.qti_versions import VERSIONS, plain_name
from lms.exchange.xml import parse
from tests.exchange.banks import banks
from tests.exchange.corpus_text import CHOICES, item, manifest, package, resource

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
ORDER = ["responsedeclaration", "outcomedeclaration", "itembody", "responseprocessing", "modalfeedback"]


def read(body: str = "", **about: str) -> Carried:
    return qti.read("i1.xml", item(body, **about).encode())


def only(body: str = "", **about: str) -> Question:
    return read(body, **about).questions[0]


@pytest.mark.parametrize("code", VERSIONS)
def test_what_is_written_is_sound(code: str) -> None:
    version = VERSIONS[code]

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(banks())
    def is_sound(bank: Carried) -> None:
        files = ZipFile(BytesIO(qti_packages.write(bank, code)[0]))
        listed = fromstring(files.read("imsmanifest.xml"))
        assert listed.tag == f"{{{version.package_namespace}}}manifest"
        resources = [each for each in listed.iter() if each.tag.endswith("}resource")]
        assert {each.get("type") for each in resources} == {version.item_type}
        for each in resources:
            assert_sound(files.read(each.get("href", "")), version.namespace, code)

    is_sound()


def assert_sound(content: bytes, namespace: str, code: str) -> None:
    """Names of the version, declarations before their use, parts in their order."""
    written = fromstring(content)
    assert written.tag == f"{{{namespace}}}{'qti-assessment-item' if code == '3.0' else 'assessmentItem'}"
    assert (code == "3.0") == (b"qti-response-declaration" in content)
    root = parse(content, plain_name)
    places = [ORDER.index(child.tag) for child in root]
    assert places == sorted(places)
    declared = _named(root, "responsedeclaration", "outcomedeclaration")
    assert all(IDENTIFIER.fullmatch(name) for name in declared | {root.get("identifier", "")})
    for element in root.iter():
        used = [element.get(name) for name in ("responseidentifier", "outcomeidentifier") if element.get(name)]
        used += (
            [element.get("identifier")]
            if element.tag in ("variable", "correct", "mapresponse", "setoutcomevalue")
            else []
        )
        assert set(used) <= declared, element.tag
    choices = _named(root, "simplechoice", "simpleassociablechoice", "inlinechoice")
    for declaration in root.findall("responsedeclaration"):
        if declaration.get("basetype") in ("identifier", "directedPair"):
            named = {word for value in declaration.iter("value") for word in (value.text or "").split()}
            assert named <= choices


def _named(root: Element, *tags: str) -> set[str]:
    return {element.get("identifier", "") for tag in tags for element in root.iter(tag)}


def test_an_item_of_version_3_reads_as_one_of_2() -> None:
    three = (
        "<qti-assessment-item xmlns='http://www.imsglobal.org/xsd/imsqtiasi_v3p0' identifier='a' title='t' time-dependent='false'>"
        "<qti-response-declaration identifier='R' cardinality='single' base-type='identifier'><qti-correct-response>"
        "<qti-value>B</qti-value></qti-correct-response></qti-response-declaration><qti-item-body><p>Đọc kỹ.</p>"
        "<qti-choice-interaction response-identifier='R' max-choices='1'><qti-prompt>Chọn?</qti-prompt>"
        "<qti-simple-choice identifier='A'>một</qti-simple-choice><qti-simple-choice identifier='B'><p>hai</p></qti-simple-choice>"
        "</qti-choice-interaction></qti-item-body></qti-assessment-item>"
    )
    found = qti.read("a.xml", three.encode()).questions[0]
    assert (found.text, found.options) == ("Đọc kỹ.\n\nChọn?", (Option("một"), Option("hai", True)))


def test_typing_alone_is_a_short_answer_and_within_words_a_gap() -> None:
    alone = only("<p>Thủ đô?</p><p><textEntryInteraction responseIdentifier='R'/></p>", correct="Hà Nội", kind="string")
    assert (alone.type, alone.text, alone.answers, alone.forgive) == ("short", "Thủ đô?", ("Hà Nội",), ())
    within = only("<p>Thủ đô là <textEntryInteraction responseIdentifier='R'/>.</p>", correct="Hà Nội", kind="string")
    assert (within.text, within.gaps) == ("Thủ đô là [[a]].", (Gap("a", ("Hà Nội",)),))
    number = only("<p>Có <textEntryInteraction responseIdentifier='R'/> tổ.</p>", correct="34", kind="integer")
    assert (number.type, number.text, number.answer) == ("numeric", "Có _____ tổ.", 34)


def test_words_moved_into_gaps_are_chosen_there() -> None:
    texts = "<gapText identifier='W1'>xã</gapText><gapText identifier='W2'>tỉnh</gapText>"
    body = f"<gapMatchInteraction responseIdentifier='R'>{texts}<p>Cấp <gap identifier='G1'/> gần dân.</p></gapMatchInteraction>"
    found = only(body, correct="W1 G1", kind="directedPair")
    assert (found.text, found.gaps) == ("Cấp [[a]] gần dân.", (Gap("a", options=("xã", "tỉnh")),))


def test_points_and_comments_are_kept() -> None:
    after = (
        "<responseProcessing template='http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct'/>"
        "<modalFeedback outcomeIdentifier='F' identifier='correct' showHide='show'><p>Tốt</p></modalFeedback>"
        "<modalFeedback outcomeIdentifier='F' identifier='A' showHide='show'>Vì thế</modalFeedback>"
    )
    carried = read(
        head="<outcomeDeclaration identifier='MAXSCORE'><defaultValue><value>2.5</value></defaultValue></outcomeDeclaration>",
        after=after,
    )
    assert (carried.questions[0].points, carried.questions[0].right_feedback) == (2.5, "Tốt")
    assert [remark.key for remark in carried.remarks] == ["lost-feedback"]


def test_a_package_gives_topic_difficulty_and_outcome() -> None:
    about = (
        "<metadata><lom><general><keyword><string>author:Chị Hoa</string></keyword></general>"
        "<educational><difficulty><value>difficult</value></difficulty></educational>"
        "<classification><purpose><value>discipline</value></purpose><taxonPath><taxon><id>luat</id><entry><string>Luật</string>"
        "</entry></taxon></taxonPath></classification></lom></metadata>"
    )
    listed = manifest(resource().replace("/>", f">{about}</resource>"))
    carried = qti.read("a.zip", package({"imsmanifest.xml": listed, "i1.xml": item()}))
    found = carried.questions[0]
    assert (found.topic, found.difficulty, found.author) == ("luat", "hard", "Chị Hoa")
    assert carried.topics == (("luat", "Luật"),)


def test_pictures_of_a_package_come_along() -> None:
    picture = "<p><img src='../pictures/a.svg' alt='Sơ đồ'/></p>"
    body = f"{picture}<choiceInteraction responseIdentifier='R'>{CHOICES}</choiceInteraction>"
    files = {
        "imsmanifest.xml": manifest(resource("items/i1.xml")),
        "items/i1.xml": item(body),
        "pictures/a.svg": b"<svg/>",
    }
    carried = qti.read("a.zip", package(files))
    assert carried.media == {"media/a.svg": b"<svg/>"}
    again = qti.read("b.zip", qti_packages.write(carried, "2.1")[0])
    assert (
        again.media == carried.media and again.questions[0].text == carried.questions[0].text == "![Sơ đồ](media/a.svg)"
    )
