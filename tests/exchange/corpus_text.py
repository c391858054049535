"""Messy files in the formats of other systems: GIFT, Aiken, Moodle XML, QTI."""

import zipfile
from io import BytesIO

from tests.exchange.corpus import Messy

GIFT, AIKEN = "::Một::Hỏi?{=đúng ~sai}\n", "Hỏi?\nA. đúng\nB. sai\nANSWER: A\n"
OPTIONS = "<answer fraction='100'><text>đúng</text></answer><answer fraction='0'><text>sai</text></answer>"
LAUGHS = "<!DOCTYPE q [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>"
OUTSIDE = "<!DOCTYPE q [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CHOICES = "<simpleChoice identifier='A'>đúng</simpleChoice><simpleChoice identifier='B'>sai</simpleChoice>"


def quiz(*questions: str, head: str = "") -> bytes:
    """A Moodle XML file."""
    return f"{head}<quiz>{''.join(questions)}</quiz>".encode()


def question(kind: str, inner: str, text: str = "Hỏi?", name: str = "Tên") -> str:
    """A question of Moodle's."""
    return (
        f"<question type='{kind}'><name><text>{name}</text></name><questiontext format='html'><text>"
        f"<![CDATA[{text}]]></text></questiontext>{inner}</question>"
    )


def single(text: str = "Hỏi?", inner: str = OPTIONS) -> str:
    """A single choice of Moodle's."""
    return question("multichoice", f"<single>true</single>{inner}", text)


def item(body: str = "", *, correct: str = "A", kind: str = "identifier", after: str = "", head: str = "") -> str:
    """A QTI item: a single choice unless told."""
    body = (
        body
        or f"<choiceInteraction responseIdentifier='R' maxChoices='1'><prompt>Hỏi?</prompt>{CHOICES}</choiceInteraction>"
    )
    return (
        f"<assessmentItem xmlns='{QTI}' identifier='i1' title='t' adaptive='false' timeDependent='false'>{head}"
        f"<responseDeclaration identifier='R' cardinality='single' baseType='{kind}'><correctResponse><value>{correct}</value>"
        f"</correctResponse></responseDeclaration><itemBody>{body}</itemBody>{after}</assessmentItem>"
    )


def manifest(*resources: str) -> str:
    """The manifest of a package."""
    return f"<manifest identifier='m'><resources>{''.join(resources)}</resources></manifest>"


def resource(href: str = "i1.xml", kind: str = "imsqti_item_xmlv2p1") -> str:
    """A line of a manifest."""
    return f"<resource identifier='r1' type='{kind}' href='{href}'/>"


def package(files: dict[str, str | bytes]) -> bytes:
    """A ZIP."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in files.items():
            made.writestr(path, content)
    return target.getvalue()


def bomb() -> bytes:
    """A package that would fill the memory."""
    return package({"imsmanifest.xml": manifest(resource()), "i1.xml": b"\0" * 250_000_000})


def gift(source: str) -> bytes:
    return source.encode()


FILES = (
    Messy("windows.gift", lambda: b"\xef\xbb\xbf" + gift(GIFT.replace("\n", "\r\n"))),
    Messy("unclosed.gift", lambda: gift("Một?{=a ~b\n\n::Hai::Hai?{=a ~b}"), (("1", "open-brace"),)),
    Messy("stray.gift", lambda: gift(f"Một}} hai {{=a ~b}}\n\n{GIFT}"), (("1", "stray-brace"),)),
    Messy("two-answers.gift", lambda: gift(f"Một {{=a}} hai {{=b}} ba\n\n{GIFT}"), (("1", "gift-two-answers"),)),
    Messy("half-right.gift", lambda: gift("// ghi chú\n\nMột?{\n=a\n~%50%b\n~c\n}"), (("5", "lost-weight"),)),
    Messy("weights.gift", lambda: gift("Chọn?{~%70%a ~%30%b ~c}"), (("1", "uneven-weights"),)),
    Messy("no-right.gift", lambda: gift(f"Chọn?{{~a ~b}}\n\n{GIFT}"), (("1", "need-some-right"),)),
    Messy("description.gift", lambda: gift(f"Chỉ là lời dẫn.\n\n{GIFT}"), (("1", "not-a-question"),)),
    Messy("blank-line-inside.gift", lambda: gift("Một?{\n=a\n\n~b\n}")),
    Messy("no-number.gift", lambda: gift(f"Bao nhiêu?{{#ba}}\n\n{GIFT}"), (("1", "need-number"),)),
    Messy("html.gift", lambda: gift("[html]<u>Một</u> <a href='https://x.vn'>xem</a>?{=a ~b}"),
          (("1", "lost-styling"), ("1", "lost-link"))),
    Messy("old-letters.gift", lambda: "Mười?{=a ~b}".encode("utf-16"), (("1", "other-encoding"),)),
    Messy("no-answer.txt", lambda: gift(f"Hỏi?\nA. a\nB. b\n\nHai?\nA. c\nB. d\n\n{AIKEN}"),
          (("1", "aiken-no-answer"), ("5", "aiken-no-answer"))),
    Messy("wrong-letter.txt", lambda: gift(f"Hỏi?\nA. a\nB. b\nANSWER: D\n\n{AIKEN}"), (("4", "answer-not-an-option"),)),
    Messy("answer-alone.txt", lambda: gift(f"ANSWER: A\n{AIKEN}"), (("1", "answer-without-question"),)),
    Messy("tcvn3.txt", lambda: "C©u hái: C¸ch nµo ®óng?\nA. C¸ch mét\nB. C¸ch hai\nANSWER: A\n".encode("cp1252"),
          (("1", "old-font"),), questions=0),
    Messy("truncated.xml", lambda: quiz(single())[:-30], (("1", "xml-broken"),), questions=0),
    Messy("laughs.xml", lambda: quiz(single("&c;"), head=LAUGHS), (("1", "xml-entities"),), questions=0),
    Messy("xxe.xml", lambda: quiz(single("&x;"), head=OUTSIDE), (("1", "xml-entities"),), questions=0),
    Messy("deep.xml", lambda: quiz("<a>" * 5000 + "</a>" * 5000), (("1", "xml-too-deep"),), questions=0),
    Messy("encoding.xml", lambda: b"<?xml version='1.0' encoding='viscii-2'?><quiz/>", (("1", "xml-encoding"),), questions=0),
    Messy("wrong-weights.xml", lambda: quiz(single(inner=OPTIONS.replace("'0'", "'50'"))), (("1. Tên", "uneven-weights"),)),
    Messy("dragged.xml", lambda: quiz(question("ddmarker", ""), single()), (("1. Tên", "type-not-taken"),)),
    Messy("video.xml", lambda: quiz(single("<video src='x.mp4'></video>Hỏi?")), (("1. Tên", "lost-element"),)),
    Messy("lost-picture.xml", lambda: quiz(single("<img src='@@PLUGINFILE@@/a.png' alt='x'>Hỏi?")), (("1. Tên", "lost-picture"),)),
    Messy("bad-base64.xml", lambda: quiz(single("<img src='data:image/png;base64,%%' alt='x'>Hỏi?")),
          (("1. Tên", "picture-broken"),)),
    Messy("no-dataset.xml", lambda: quiz(question("calculated", "<answer fraction='100'><text>{a}*2</text></answer>"), single()),
          (("1. Tên", "no-dataset"), ("1. Tên", "need-number"))),
    Messy("item.xml", lambda: item().encode()),
    Messy("slider.xml", lambda: item("<sliderInteraction responseIdentifier='R'/>").encode(),
          (("slider.xml", "type-not-taken"),), questions=0),
    Messy("own-rules.xml", lambda: item(after="<responseProcessing><setOutcomeValue identifier='SCORE'><random/></setOutcomeValue>"
                                        "</responseProcessing>").encode(), (("own-rules.xml", "unknown-processing"),)),
    Messy("template.xml", lambda: item(head="<templateDeclaration identifier='x'/>").encode(),
          (("template.xml", "template-item"),), questions=0),
    Messy("old.xml", lambda: b"<questestinterop><item/></questestinterop>", (("old.xml", "old-qti"),), questions=0),
    Messy("outside.zip",
          lambda: package({"imsmanifest.xml": manifest(resource("../../etc/passwd"), resource()), "i1.xml": item()}),
          (("r1", "href-outside"),)),
    Messy("climbing.zip", lambda: package({"imsmanifest.xml": manifest(), "../i1.xml": item()}),
          (("", "package-bad-path"),), questions=0),
    Messy("missing.zip", lambda: package({"imsmanifest.xml": manifest(resource(), resource("i2.xml")), "i1.xml": item()}),
          (("r1", "file-missing"),)),
    Messy("cut.zip", lambda: package({"imsmanifest.xml": manifest(resource()), "i1.xml": item()})[:-60],
          (("", "package-broken"),), questions=0),
    Messy("qti-bomb.zip", bomb, (("", "package-too-large"),), questions=0),
)  # fmt: skip
