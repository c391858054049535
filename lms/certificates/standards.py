"""What makes a page a document for the archive and for everybody: PDF/A-2b (ISO 19005-2) and PDF/UA-1 (ISO 14289-1)."""

from datetime import date
from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Object, Pdf, String
from PIL import ImageCms

from lms.certificates.sheet import Place, Sheet

LANGUAGE = "vi-VN"
PRODUCER = "Thao So"
PROFILE = "sRGB IEC61966-2.1"
PROFILE_DATE = slice(24, 36), bytes.fromhex("07ea00010001000000000000")
"""Where a profile says when it was made, and what it says instead, so that it is always the same."""
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
{more}<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
{accessible}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
OF_ONE_PAPER = """<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{number}</rdf:li></rdf:Alt></dc:description>
<xmp:CreateDate>{day}</xmp:CreateDate>
"""
ACCESSIBLE = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class About(NamedTuple):
    """What a file says of itself. A book has no number and no day, and is for a printer: it has no structure."""

    title: str
    author: str
    number: str = ""
    day: date | None = None

    def info(self) -> dict[str, str]:
        """As document information."""
        always = {"Title": self.title, "Author": self.author, "Producer": PRODUCER}
        return always | ({"Subject": self.number, "CreationDate": f"D:{self.day:%Y%m%d}"} if self.day else {})

    def xmp(self) -> bytes:
        """The same as XMP, with the standards that the file keeps."""
        more = OF_ONE_PAPER.format(number=escape(self.number), day=f"{self.day:%Y-%m-%d}") if self.day else ""
        filled = XMP.format(
            title=escape(self.title),
            author=escape(self.author),
            language=LANGUAGE,
            producer=PRODUCER,
            more=more,
            accessible=ACCESSIBLE if self.day else "",
        )
        return filled.encode()


def archive(pdf: Pdf, xmp: bytes) -> None:
    """Give a file its metadata and its colour space (PDF/A-2b)."""
    root, page = pdf.Root, pdf.pages[0].obj
    root.Metadata = pdf.make_stream(xmp, Type=Name.Metadata, Subtype=Name.XML)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(PROFILE),
        Info=String(PROFILE),
        DestOutputProfile=pdf.make_stream(_profile(), N=3),
    )
    root.OutputIntents = Array([pdf.make_indirect(intent)])
    for key in ("/PageMode", "/Outlines"):
        if key in root:
            del root[key]
    if "/Trans" in page:
        del page.Trans


def tag(pdf: Pdf, sheet: Sheet) -> None:
    """Tell the structure of a page whose content bears the marks of a sheet's places (PDF/UA-1)."""
    root, page = pdf.Root, pdf.pages[0].obj
    root.Lang, root.MarkInfo = String(LANGUAGE), Dictionary(Marked=True)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree))
    elements = [pdf.make_indirect(_element(place, mark, document, page)) for mark, place in enumerate(sheet.places)]
    document.K = Array(elements)
    tree.K, tree.ParentTreeNextKey = Array([document]), 1
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([0, pdf.make_indirect(Array(elements))])))
    root.StructTreeRoot = tree
    page.StructParents, page.Tabs = 0, Name.S


def _element(place: Place, mark: int, document: Object, page: Object) -> Dictionary:
    element = Dictionary(Type=Name.StructElem, S=Name(f"/{place.tag}"), P=document, Pg=page, K=mark)
    if place.language:
        element.Lang = String(place.language)
    if place.box:
        element.Alt = String(place.alt)
        box = Array([round(edge, 2) for edge in place.box])
        element.A = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=box)
    return element


@cache
def _profile() -> bytes:
    """An sRGB profile, always the same bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    place, day = PROFILE_DATE
    profile[place] = day
    return bytes(profile)
