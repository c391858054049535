"""What an act makes of the map and of people's posts: the rules alone."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.network.lineage import Life, Succeeded, heirs
from lms.network.maps import OPEN_END, NewUnit, Version
from lms.network.moving import Service
from tests.network.acts import DAY, START, TREE, act, country, faults, line, moved, post, redrawn

ONE_DAY = timedelta(days=1)
BEFORE = DAY - ONE_DAY
NEW = NewUnit(-1, "N", "New")


def test_merged_units_end_and_the_new_one_begins_where_they_stood() -> None:
    made, after = redrawn(act(line("merge", 4, -1), line("merge", 5, -1), new=[NEW]), country())
    assert after.at(4, DAY) is None and after.at(4, BEFORE) is not None
    begun = after.at(-1, DAY)
    assert begun is not None
    assert (begun.name, begun.parent_id, begun.level, begun.from_on, begun.to_on) == (
        "New",
        2,
        "commune",
        DAY,
        OPEN_END,
    )
    assert {(link.from_id, link.to_id, link.type) for link in made.links} == {(4, -1, "merge"), (5, -1, "merge")}


def test_what_stood_below_goes_under_the_heir_and_what_stood_deeper_is_left_alone() -> None:
    made, after = redrawn(act(line("merge", 2, 7)), country())
    assert {n: v.parent_id for n in (4, 5) if (v := after.at(n, DAY))} == {4: 7, 5: 7}
    assert 6 not in {version.unit_id for version in made.versions}
    assert {n: v.parent_id for n in (4, 5) if (v := after.at(n, BEFORE))} == {4: 2, 5: 2}


def test_a_province_ends_with_its_district_and_nothing_is_left_hanging() -> None:
    said = act(line("merge", 1, 7), line("abolish", 2), line("merge", 4, -1), new=[NEW], units={5: 3})
    made, after = redrawn(said, country())
    assert made.undecided == []
    assert {n: v.parent_id for n in (-1, 3, 5, 6) if (v := after.at(n, DAY))} == {-1: 7, 3: 7, 5: 3, 6: -1}


def test_a_renaming_keeps_the_unit_and_its_code_unless_a_new_one_is_given() -> None:
    made, after = redrawn(act(line("rename", 4, name="Other")), country())
    assert [(v.name, v.from_on) for v in after.versions[4]] == [("Unit 4", START), ("Other", DAY)]
    assert made.codes == []
    made, _ = redrawn(act(line("rename", 4, code="44")), country())
    assert [(c.value, c.from_on, c.to_on) for c in made.codes] == [("4", START, DAY), ("44", DAY, OPEN_END)]
    assert made.versions == []


def test_a_transfer_changes_the_unit_above_and_nothing_else() -> None:
    made, after = redrawn(act(line("transfer", 4, 3)), country())
    assert [v.parent_id for v in after.versions[4]] == [2, 3]
    assert [(link.from_id, link.to_id) for link in made.links] == [(4, 3)]
    assert made.codes == []


def test_a_split_asks_what_of_the_units_below_goes_where() -> None:
    said = act(line("split", 2, 3), line("split", 2, -1), new=[NEW], units={4: 3})
    made, _ = redrawn(said, country())
    assert made.undecided == [5]


def test_a_unit_that_is_split_may_go_on_itself() -> None:
    said = act(line("split", 2, 2), line("split", 2, -1), new=[NEW], units={4: -1})
    made, after = redrawn(said, country())
    assert after.at(2, DAY) is not None
    assert made.undecided == []
    assert [(n, v.parent_id) for n in (4, 5) if (v := after.at(n, DAY))] == [(4, -1), (5, 2)]
    assert [(link.from_id, link.to_id) for link in made.links] == [(2, -1)]


def test_an_abolished_unit_leaves_questions() -> None:
    made, _ = redrawn(act(line("abolish", 4)), country())
    assert made.undecided == [6]
    made, after = redrawn(act(line("abolish", 4), units={4: 5}), country())
    assert [v.parent_id for v in after.versions[6]] == [4, 5]
    assert [(link.to_id, link.type) for link in made.links] == [(5, "abolish")]


def test_a_unit_that_merges_into_one_below_leaves_it_where_it_stood_itself() -> None:
    _, after = redrawn(act(line("merge", 2, 4)), country())
    assert [(n, v.parent_id) for n in (4, 5) if (v := after.at(n, DAY))] == [(4, 1), (5, 4)]


def test_versions_that_begin_on_the_day_or_later_follow_too() -> None:
    later = date(2026, 1, 1)
    extra = [Version(50, 9, 2, "Unit 9", "", "commune", DAY), Version(51, 10, 2, "Unit 10", "", "commune", later)]
    made, _ = redrawn(act(line("merge", 2, 3)), country(extra=extra))
    assert {v.id: v.parent_id for v in made.versions if v.id in (50, 51)} == {50: 3, 51: 3}


def test_what_cannot_be_is_named() -> None:
    gone = replace(country().versions[4][0], to_on=date(2024, 1, 1))
    assert faults(act(line("merge", 4, 5)), country().with_changes([gone])) == ["not-there"]
    assert faults(act(line("merge", 4))) == ["to-missing"]
    assert faults(act(line("merge", 4, 4))) == ["to-itself"]
    assert faults(act(line("merge", 4, 5), line("merge", 5, 3))) == ["target-ends"]
    assert faults(act(line("merge", 4, 99))) == ["target-not-there"]
    assert faults(act(line("merge", 4, 5), line("merge", 4, 3))) == ["two-fates", "two-fates"]
    assert faults(act(line("merge", 4, 5), line("rename", 4, name="x"))) == ["two-fates", "two-fates"]
    assert faults(act(line("merge", 4, 5), line("merge", 4, 5))) == ["line-twice"]
    assert faults(act(line("rename", 4))) == ["rename-to-what"]
    assert faults(act(line("transfer", 2, 6))) == ["circle"]
    assert faults(act(line("transfer", 2, 7), line("transfer", 7, 2))) == ["circle", "circle"]
    assert faults(act(line("merge", 4, 5), units={8: 3})) == ["move-of-stranger"]
    assert faults(act(line("abolish", 4), units={6: None})) == ["unit-cannot-leave"]
    assert faults(act(line("merge", 5, -1), line("merge", 4, 3), new=[replace(NEW, parent_id=4)])) == ["target-ends"]
    planned = Version(50, 4, 1, "Unit 4", "", "commune", date(2026, 1, 1))
    cut = replace(country().versions[4][0], to_on=date(2026, 1, 1))
    assert faults(act(line("merge", 4, 5)), country(extra=[planned]).with_changes([cut])) == ["changes-later"]


def test_people_serve_on_in_the_heir_by_the_same_role_and_mark() -> None:
    made, after = moved(act(line("merge", 4, 5)), country(), [post(1, 1, 4, is_primary=True)])
    assert [(p.id > 0, p.unit_id, p.from_on, p.to_on, p.is_primary, p.decision) for p in after] == [
        (True, 4, START, DAY, True, None),
        (False, 5, DAY, OPEN_END, True, "NQ"),
    ]
    assert made.undecided == made.stuck == []


def test_who_serves_there_already_in_the_role_gets_no_second_post_but_keeps_the_mark() -> None:
    posts = [post(1, 1, 4, is_primary=True), post(2, 1, 5)]
    _, after = moved(act(line("merge", 4, 5)), country(), posts)
    there = [(p.from_on, p.to_on, p.is_primary) for p in after if p.unit_id == 5]
    assert there == [(START, DAY, False), (DAY, OPEN_END, True)]


def test_who_comes_from_two_units_has_one_post() -> None:
    said = act(line("merge", 4, 3), line("merge", 5, 3))
    _, after = moved(said, country(), [post(1, 1, 4), post(2, 1, 5, is_primary=True)])
    assert [(p.to_on, p.is_primary) for p in after if p.unit_id == 3] == [(OPEN_END, True)]


def test_a_post_there_that_ends_is_taken_over() -> None:
    end = date(2025, 9, 1)
    _, after = moved(act(line("merge", 4, 5)), country(), [post(1, 1, 4), post(2, 1, 5, end=end)])
    assert [(p.from_on, p.to_on) for p in after if p.unit_id == 5] == [(START, end), (end, OPEN_END)]


def test_posts_noted_for_later_move_too() -> None:
    later = date(2025, 9, 1)
    _, after = moved(act(line("merge", 4, 5)), country(), [post(1, 1, 4, start=later)])
    assert [(p.id, p.unit_id, p.from_on) for p in after] == [(1, 5, later)]


def test_a_person_may_go_elsewhere_in_another_role() -> None:
    said = act(line("merge", 4, 5), people={1: 3}, roles={1: "dedicated"})
    _, after = moved(said, country(), [post(1, 1, 4), post(2, 2, 4)])
    assert {(p.person_id, p.unit_id, p.role, p.nature) for p in after if p.id < 0} == {
        (1, 3, "dedicated", "full-time"),
        (2, 5, "focal-point", "part-time"),
    }


def test_of_a_split_or_abolished_unit_nobody_is_moved_by_guess() -> None:
    said = act(line("split", 4, 5), line("split", 4, 3), people={1: 5})
    made, _ = moved(said, country(), [post(1, 1, 4), post(2, 2, 4)])
    assert [p.person_id for p in made.undecided] == [2]
    made, after = moved(act(line("abolish", 4), people={1: None}), country(), [post(1, 1, 4), post(2, 2, 4)])
    assert [p.person_id for p in made.undecided] == [2]
    assert [p.to_on for p in after if p.person_id == 1] == [DAY]


def test_of_a_unit_that_goes_on_people_stay_unless_somebody_says_so() -> None:
    said = act(line("split", 4, 4), line("split", 4, 3), people={1: 3})
    made, after = moved(said, country(), [post(1, 1, 4), post(2, 2, 4)])
    assert made.undecided == []
    assert {(p.person_id, p.unit_id) for p in after if p.holds_on(DAY)} == {(1, 3), (2, 4)}


def test_a_later_post_that_has_no_place_is_named() -> None:
    made, _ = moved(act(line("abolish", 4), units={4: None}), country(), [post(1, 1, 4, start=date(2026, 1, 1))])
    assert [p.id for p in made.stuck] == [1]


days = st.integers(-400, 400).map(lambda n: DAY + timedelta(days=n))


@st.composite
def careers(draw: st.DrawFn) -> list[Service]:
    """Posts of a few people, as the import would let them be: no role twice in a unit, one primary post a day."""
    posts: list[Service] = []
    for number in range(1, draw(st.integers(1, 9)) + 1):
        start, length = draw(days), draw(st.integers(1, 900))
        made = post(number, draw(st.integers(1, 2)), draw(st.sampled_from([3, 4, 5])), draw(st.sampled_from(["a", "b"])),
                    start, draw(st.sampled_from([start + timedelta(days=length), OPEN_END])), draw(st.booleans()))  # fmt: skip
        others = [
            p for p in posts if p.person_id == made.person_id and p.from_on < made.to_on and made.from_on < p.to_on
        ]
        if any((p.unit_id, p.role) == (made.unit_id, made.role) for p in others):
            continue
        posts.append(replace(made, is_primary=made.is_primary and not any(p.is_primary for p in others)))
    return posts


@settings(max_examples=300, deadline=None)
@given(careers(), st.sampled_from([3, 5]), st.booleans())
def test_nobody_stands_twice_and_nobody_is_lost_on_any_day(posts: list[Service], heir: int, both: bool) -> None:
    lines = [line("merge", 4, heir)] + ([line("merge", 8 - heir, heir)] if both else [])
    made, after = moved(act(*lines), country(), posts)
    if made.stuck:
        return
    ended = {each.from_id for each in lines}
    cuts = sorted({DAY, BEFORE, *(d for p in (*posts, *after) for d in (p.from_on, p.to_on) if d < OPEN_END)})
    for day in cuts:
        before = [p for p in posts if p.holds_on(day)]
        now = [p for p in after if p.holds_on(day)]
        places = [(p.person_id, p.unit_id, p.role) for p in now]
        assert len(places) == len(set(places)), "nobody holds one role twice in a unit"
        primary = [p.person_id for p in now if p.is_primary]
        assert len(primary) == len(set(primary)), "nobody has two primary posts"
        assert {p.person_id for p in now} == {p.person_id for p in before}, "nobody is lost, nobody comes from nowhere"
        assert {p.person_id for p in now if p.is_primary} == {p.person_id for p in before if p.is_primary}
        if day < DAY:
            assert places == [(p.person_id, p.unit_id, p.role) for p in before], "what was before the day stays"
        else:
            assert not ended & {p.unit_id for p in now}, "nobody stands where nothing is"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["merge", "transfer"]), st.sampled_from(list(TREE)), st.sampled_from(list(TREE)))
    )
)
def test_the_tree_stays_a_tree_and_a_second_time_changes_nothing(said: list[tuple[str, int, int]]) -> None:
    told = act(*(line(*each) for each in said))
    made, after = redrawn(told, country())
    if made.faults:
        return
    assert made.undecided == []
    for unit_id in after.versions:
        climbed, version = {unit_id}, after.at(unit_id, DAY)
        while version and version.parent_id:
            assert version.parent_id not in climbed
            climbed.add(version.parent_id)
            version = after.at(version.parent_id, DAY)
            assert version, "what stands above is there"
    assert redrawn(told, after)[0].versions == []


def lives(**ends: date) -> list[Life]:
    """Units by number, each below the unit before it."""
    return [Life(int(name[1:]), int(name[1:]) - 1 or None, end) for name, end in ends.items()]


def test_heirs_are_followed_through_chains_to_the_unit_of_today() -> None:
    acts = [Succeeded(1, 1, 2, "merge", START), Succeeded(2, 2, 3, "merge", DAY)]
    known = lives(u1=START, u2=DAY, u3=OPEN_END)
    assert heirs(known, acts, DAY) == {1: 3, 2: 3, 3: 3}
    assert heirs(known, acts, BEFORE) == {1: 2, 2: 2, 3: 3}


def test_of_several_heirs_the_latest_act_counts_then_its_kind_then_the_first_recorded() -> None:
    known = lives(u1=DAY, u2=OPEN_END, u3=OPEN_END, u4=OPEN_END)
    acts = [Succeeded(3, 1, 3, "split", DAY), Succeeded(2, 1, 2, "split", DAY)]
    assert heirs(known, acts, DAY)[1] == 2
    assert heirs(known, [*acts, Succeeded(4, 1, 4, "merge", DAY)], DAY)[1] == 4
    assert heirs(known, [*acts, Succeeded(1, 1, 4, "merge", START)], DAY)[1] == 2


def test_without_an_heir_the_unit_above_carries_and_circles_end_where_they_began() -> None:
    known = lives(u1=OPEN_END, u2=DAY, u3=DAY)
    assert heirs(known, [Succeeded(1, 3, None, "abolish", DAY)], DAY) == {1: 1, 2: 1, 3: 1}
    acts = [Succeeded(1, 1, 2, "merge", DAY), Succeeded(2, 2, 1, "merge", DAY), Succeeded(3, 1, 1, "rename", DAY)]
    assert heirs(lives(u1=DAY, u2=DAY), acts, DAY) == {1: 1, 2: 2}


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(0, 3))), st.sets(st.integers(1, 6)))
def test_every_unit_is_carried_by_one_that_is_there_or_by_itself(
    said: list[tuple[int, int, int]], alive: set[int]
) -> None:
    known = [Life(n, n - 1 or None, OPEN_END if n in alive else DAY) for n in range(1, 7)]
    acts = [Succeeded(i, a, b, "merge", DAY - timedelta(days=d)) for i, (a, b, d) in enumerate(said)]
    found = heirs(known, acts, DAY)
    assert found.keys() == {life.unit_id for life in known}
    assert all(carrier in alive or carrier == unit_id for unit_id, carrier in found.items())
    assert all(found[unit_id] == unit_id for unit_id in alive)
