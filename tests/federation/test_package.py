"""The file of a package: what goes in comes out, and nothing can be changed in it."""

import io
import zipfile
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lms import archives, text
from lms.federation import package, rules, sums
from lms.federation.rules import STATUSES, Faulty, Manifest, Order, Package, PersonLine, Taken, UnitLine
from lms.trust import keys

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
KEY = keys.Key(keys.kid_of(PUBLIC), PRIVATE)
WORD = st.text("aăđ =+-@'\"1,;", min_size=1, max_size=8).map(lambda word: text.clean(f"x{word}x"))


def manifest(**values: Any) -> Manifest:
    said: dict[str, Any] = {
        "format": 1, "unit_code": "48", "unit_name": "Đà Nẵng", "policy": "dx", "year": 2026, "kind": "final",
        "version": 2, "as_of": "2026-12-31", "closed_at": "2027-01-31T05:00:00+00:00", "lines": 9, "previous_hash": "0",
        "first_hash": "1", "last_hash": "b", "chain": [(1, "a"), (2, "b")], "totals": {}, "units": 0, "with_names": False,
    }  # fmt: skip
    return Manifest(**said | values)


@st.composite
def packages(draw: st.DrawFn) -> Package:
    """A tree of units with people in each, some of them moved in the year, some packages with names."""
    parents = [draw(st.integers(0, place - 1)) for place in range(1, draw(st.integers(1, 6)))]
    above = {0: None, **dict(enumerate(parents, start=1))}
    counts = st.dictionaries(st.sampled_from(STATUSES), st.integers(1, 4))
    own = {unit: Counter({str(k): v for k, v in draw(counts).items()}) for unit in above}
    whole = {unit: Counter(own[unit]) for unit in above}
    for unit in sorted(above, reverse=True):
        if above[unit] is not None:
            whole[above[unit]].update(whole[unit])
    with_names = draw(st.booleans())
    places = {unit: None if up is None else up + 1 for unit, up in above.items()}
    lines = [
        UnitLine(unit + 1, unit + 1, places[unit], "48" if not unit else f"48-{unit}", draw(WORD), "2026-12-31")
        for unit in above
    ]
    people = [(unit + 1, status) for unit in above for status, n in own[unit].items() for _ in range(n)]
    listed = [
        PersonLine(n, f"cb-{n}", draw(WORD), unit, status, 40, 100 * n)
        for n, (unit, status) in enumerate(people, start=1)
    ]
    head = manifest(totals=dict(whole[0]), units=len(lines), with_names=with_names)
    return Package(head, lines, {unit + 1: dict(whole[unit]) for unit in above}, listed if with_names else [])


def figures(said: Package) -> dict[int, Counter[str]]:
    return {unit: +counts for unit, counts in said.totals().items()}


@given(packages())
@settings(max_examples=40, deadline=None)
def test_what_is_packed_is_what_is_read(said: Package) -> None:
    sealed = package.opened(package.sealed(said, KEY, PUBLIC))
    assert sealed.is_signed and package.changed_files(sealed) == []
    found = package.read(sealed)
    assert figures(found) == figures(said)
    assert (list(found.units), list(found.people)) == (list(said.units), list(said.people))
    assert replace(found.manifest, files={}) == said.manifest
    assert sums.flaws(found) == []
    assert package.sealed(said, KEY, PUBLIC) == package.sealed(said, KEY, PUBLIC)


@given(packages(), st.data())
@settings(max_examples=80, deadline=None)
def test_no_byte_of_any_file_can_be_changed(said: Package, data: st.DataObject) -> None:
    files = archives.unzip(package.sealed(said, KEY, PUBLIC))
    name = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[name])))
    byte, act = data.draw(st.integers(0, 255)), data.draw(st.sampled_from(("put", "add", "drop")))
    old = files[name]
    kept = {"put": old[place + 1 :], "add": old[place:], "drop": old[place + 1 :]}[act]
    changed = old[:place] + (b"" if act == "drop" else bytes([byte])) + kept
    if changed != old:
        assert is_refused(archives.zipped(files | {name: changed})), (name, act, place, byte)


def is_refused(content: bytes) -> bool:
    """Whether a package that claims to be signed by the known key is not believed."""
    try:
        sealed = package.opened(content)
    except Faulty:
        return True
    return sealed.public != PUBLIC or not sealed.is_signed or bool(package.changed_files(sealed))


@pytest.fixture
def small() -> Package:
    lines = [UnitLine(1, 1, None, "48", "Đà Nẵng", "2026-12-31"), UnitLine(2, 2, 1, "48-1", "Một", "2026-12-31")]
    counts = {1: {"met": 3, "not-met": 1}, 2: {"met": 2}}
    return Package(manifest(totals={"met": 3, "not-met": 1}, units=2), lines, counts)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"figures": {1: {"met": 3, "not-met": 1}, 2: {"met": 4}}}, "sums"),
        ({"figures": {1: {"met": 2, "not-met": 1}, 2: {"met": 2}}}, "totals"),
        ({"figures": {1: {"met": 3, "not-met": 1}, 2: {"met": 2}, 3: {"met": 1}}}, "unknown-line"),
        ({"units": [UnitLine(1, 1, None, "49", "Huế", "2026-12-31")]}, "no-root"),
        ({"units": [UnitLine(1, 1, None, "48", "Đà Nẵng", "2026-12-31"), UnitLine(2, 2, 7, "x", "x", "2026-12-31")]},
         "unknown-above"),
    ],
)  # fmt: skip
def test_a_package_that_does_not_add_up_says_where(small: Package, values: dict[str, Any], key: str) -> None:
    assert sums.flaws(small) == []
    assert key in [problem.key for problem in sums.flaws(replace(small, **values))]


def test_people_must_be_as_many_as_the_figures_say(small: Package) -> None:
    named = replace(small, manifest=replace(small.manifest, with_names=True))
    assert [problem.key for problem in sums.flaws(named)] == ["people-differ", "people-differ"]


def test_a_line_that_cannot_be_read_is_named(small: Package) -> None:
    files = archives.unzip(package.sealed(small, KEY, PUBLIC))
    wrong = files | {rules.FIGURES_FILE: files[rules.FIGURES_FILE].replace(b"2,met,2", b"2,met,two")}
    with pytest.raises(Faulty) as refused:
        package.read(package.opened(archives.zipped(wrong)))
    (problem,) = refused.value.problems
    assert (problem.key, problem.file, problem.line) == ("bad-line", "figures.csv", 4)


def test_a_zip_that_is_made_to_do_harm_is_not_opened() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../manifest.json", "{}")
    for content in (b"no zip", target.getvalue()):
        with pytest.raises(Faulty):
            package.opened(content)


@pytest.mark.parametrize(
    ("version", "last_hash", "digest", "order"),
    [
        (2, "b", "this", Order.SAME),
        (1, "a", "that", Order.NEWER),
        (2, "b", "that", Order.NEWER),
        (1, "x", "that", Order.FORKED),
        (2, "x", "that", Order.FORKED),
        (3, "c", "that", Order.OLDER),
    ],
)
def test_a_newer_version_goes_on_where_the_older_one_ended(
    version: int, last_hash: str, digest: str, order: Order
) -> None:
    assert rules.order(manifest(), "this", Taken(version, last_hash, digest)) is order
    assert rules.order(manifest(), "this", None) is Order.FIRST


def test_a_fingerprint_can_be_read_by_phone() -> None:
    assert rules.fingerprint(PUBLIC) != rules.fingerprint(bytes(32))
    assert [len(group) for group in rules.fingerprint(PUBLIC).split()] == [5] * 6
