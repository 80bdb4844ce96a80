"""The chapter on ethnic groups names the population that its rates were divided by."""

import shutil
from dataclasses import fields, replace
from datetime import date

import pytest
from population_files import AGES, GROUPS, school_census

from iro_analysis.comparators.populations import Population
from iro_analysis.report import ethnicity
from iro_analysis.report.figure import Ref
from iro_analysis.study import Study

pytestmark = pytest.mark.slow

BROMLEY = "E09000006"


def census_of_2021():
    """Bromley's children by ethnic group as ONS's custom dataset gives them; numbers invented."""
    head = (
        "Upper tier local authorities Code,Upper tier local authorities,Age (3 categories) Code,"
        "Age (3 categories),Ethnic group (20 categories) Code,Ethnic group (20 categories),"
        "Observation"
    )
    rows = [
        f'{BROMLEY},Bromley,{age},{words},{code},"{group}",{many * 60}'
        for age, words in AGES.items()
        for code, (group, many) in GROUPS.items()
    ]
    return "\n".join([head, *rows]) + "\n"


def figures_of(demo, tmp_path, files):
    """The demonstration's figures with these files in ``published/``, and a hidden one."""
    folder = tmp_path / "demo"
    shutil.copytree(demo, folder)
    (folder / "published").mkdir(exist_ok=True)
    (folder / "published" / ".hidden").touch()
    for name, text in files.items():
        (folder / "published" / name).write_text(text, encoding="utf-8")
    return Study.open(str(folder), "2019-20", "internal").report().source.figures


def chapter(figures):
    """What the second page and the chapter say of ratios and populations."""
    _, more = ethnicity.attention(figures)
    said = [str(more), *(str(text) for text in ethnicity.lines(figures))]
    return " ".join([*said, *ethnicity.notes(figures)])


@pytest.fixture(scope="module")
def plain(demo, tmp_path_factory):
    """The figures with nothing in ``published/``."""
    return figures_of(demo, tmp_path_factory.mktemp("plain"), {})


@pytest.fixture(scope="module")
def with_census(demo, tmp_path_factory):
    """The figures with the Census 2021 as ONS gives it."""
    return figures_of(demo, tmp_path_factory.mktemp("census"), {"census.csv": census_of_2021()})


BETWEEN = "{} times, depending on the census and the ages counted"


def test_the_2011_census_is_named_where_its_children_are_divided_by(plain):
    said = chapter(plain)
    # Ages and census differ at once: neither of the two numbers may be put down to one of them.
    assert BETWEEN.format("between 1.6 and 2.1") in said
    assert "at ages 10 to 17" not in said
    assert "The population is from the 2011 Census: the ratio of a group that has" in said


@pytest.mark.long
def test_the_2021_census_as_ons_gives_it_is_not_called_the_census_of_2011(with_census):
    said = chapter(with_census)
    # A census after the period's last day is not what its rates are divided by.
    assert BETWEEN.format("between 2.1 and 8.8") in said
    assert "The population is from the 2011 Census" in said


@pytest.mark.long
def test_a_period_after_the_2021_census_names_that_one(with_census):
    held = Population(date(2021, 3, 21), "own file", {}, "ONS")
    later = replace(with_census, population=held)
    ratio = later.get(Ref("minority_ethnic_ratio", "population", "Census 2021, own file"))
    [first] = [text for text in map(str, ethnicity.lines(later)) if "taken together" in text]
    assert first == (
        f"Minority ethnic children taken together are {ratio.number()} times as likely as White "
        f"children by the 2021 Census, {later.get(Ref('minority_ethnic_ratio_10_to_17')).number()} "
        "at ages 10 to 17 by the same census."
    )
    assert ethnicity.notes(later) == (
        "We compare with White children, the largest group. The population is from the 2021 "
        "Census.",
    )
    _, more = ethnicity.attention(later)
    assert "by the population used" not in str(more)


def test_white_children_are_called_the_largest_group_only_where_they_are(plain):
    shares = plain.group_figures("ethnicity_population_share", "ethnicity")
    fewer = [replace(each, value=1.0) if each.ref.group == "White" else each for each in shares]

    class Elsewhere(type(plain)):
        def group_figures(self, measure, breakdown):
            return fewer

    there = Elsewhere(**{field.name: getattr(plain, field.name) for field in fields(plain)})
    assert ethnicity.notes(there)[0].startswith("We compare with White children. The")


def test_an_empty_folder_for_published_files_stops_nothing(plain):
    assert plain.population.name == "Census 2011"


@pytest.mark.long
def test_a_school_census_is_not_called_the_census_of_2011(demo, tmp_path):
    text = school_census(("201920",)).replace("E06000017", BROMLEY).replace("Rutland", "Bromley")
    said = chapter(figures_of(demo, tmp_path, {"spc_pupils_ethnicity_and_language.csv": text}))
    # Of all children, not of pupils: the school census's own ratio is in the annex.
    assert BETWEEN.format("between 1.6 and 2.1") in said


@pytest.mark.parametrize(
    ("population", "words"),
    [
        (Population(date(2021, 3, 21), "Census 2021", {}, "ONS"), "the 2021 Census"),
        (Population(date(2021, 3, 21), "own file", {}, "ONS"), "the 2021 Census"),
        (
            Population(date(2022, 6, 30), "own list", {}, "local list"),
            "the council’s own figures for 30 June 2022",
        ),
        (
            Population(date(2023, 6, 30), "first published", {}, "ONS"),
            "the population estimates for 30 June 2023",
        ),
    ],
)
def test_a_population_is_named_by_what_it_is(population, words):
    assert population.in_words == words
