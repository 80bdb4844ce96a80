"""Brothers and sisters of a made-up authority: one first day, one home, ages a mother can have."""

import itertools

import pytest
from builders import shared_record
from conftest import PROJECT

from iro_analysis.cohorts.siblings import families
from iro_analysis.demonstration.people import Child, Period
from iro_analysis.demonstration.siblings import share_homes

YEAR = 365


def child(age_in_days: int, *, home: str, started: int = 737_000, **more: object) -> Child:
    born = started - age_in_days
    stay = Period(started, started + 100, "E3", "home", "N1")
    given = {"identifier": home, "ethnicity": "WBRI", **more}
    return Child(born, periods=[stay], home=home, **given)


def homes(*children: Child) -> list[str]:
    share_homes(list(children))
    return [each.home for each in children]


def test_children_of_one_group_who_come_on_one_day_share_the_home_of_the_eldest() -> None:
    assert homes(child(3 * YEAR, home="A"), child(9 * YEAR, home="B")) == ["B", "B"]


@pytest.mark.parametrize(
    "other",
    [
        child(9 * YEAR, home="B", started=737_001),
        child(9 * YEAR, home="B", ethnicity="MWBC"),
        child(3 * YEAR + 279, home="B"),
        child(18 * YEAR + 1, home="B"),
        child(9 * YEAR, home="B", unaccompanied=True),
        child(9 * YEAR, home="B", short_breaks=True),
    ],
    ids=["another day", "another group", "born too soon after", "too far apart", "alone", "breaks"],
)
def test_who_cannot_be_brothers_and_sisters_keep_their_own_homes(other: Child) -> None:
    assert homes(child(3 * YEAR, home="A"), other) == ["A", "B"]


def test_a_fifth_child_begins_a_family_of_its_own() -> None:
    ages = [2 * YEAR, 4 * YEAR, 6 * YEAR, 8 * YEAR, 10 * YEAR]
    assert homes(*(child(age, home=name) for age, name in zip(ages, "ABCDE", strict=True))) == [
        "A", "E", "E", "E", "E",
    ]  # fmt: skip


def test_the_demonstration_has_families_for_the_tests_of_clustering_to_find() -> None:
    record = shared_record(PROJECT / "data" / "demo")
    sizes = families(record).value_counts()
    assert (sizes > 1).sum() >= 40
    assert sizes.max() <= 4
    of_a_family = families(record)[lambda family: family.isin(sizes.index[sizes > 1])]
    people = record.children.set_index("child")
    for _, members in of_a_family.groupby(of_a_family).groups.items():
        born = sorted(people.loc[members, "birth_date"])
        assert all((b - a).days >= 280 for a, b in itertools.pairwise(born))
