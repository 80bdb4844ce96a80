"""Synthetic returns of any authority and years, and the empty folder of a new authority."""

import builtins
import csv
import shutil
import sys
from datetime import date

import pandas as pd
import pytest

from iro_analysis import codes
from iro_analysis.cli.command import main
from iro_analysis.demonstration import new_folder
from iro_analysis.reading.authority import read_authority

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kent(tmp_path_factory):
    """A synthetic Kent, 2018-19 to the second quarter of 2026-27."""
    place = tmp_path_factory.mktemp("kent") / "kent"
    asked = ["--authority", "Kent", "--from", "2018-19", "--to", "2026-27-Q2", "--children", "150"]
    assert main(["demo", str(place), *asked]) == 0
    return place


def column(place, year, name, column):
    """Return the values of a column of one year's file."""
    with (place / "ssda903" / year / f"{name}.csv").open(encoding="utf-8") as file:
        return [row[column] for row in csv.DictReader(file)]


def test_the_folder_of_an_authority_by_name_has_its_code_and_no_fault(kent):
    [authority] = read_authority(kent)
    assert authority.name == "Kent (synthetic)"
    assert authority.ons_code == "E10000016"
    assert authority.synthetic
    assert authority.covers_from == date(2018, 3, 31)
    assert authority.account.findings.empty
    assert not authority.account.unusable


def test_as_many_children_as_asked_for_are_looked_after_on_the_last_31_march(kent):
    from iro_analysis.cohorts.record import CareRecord

    [authority] = read_authority(kent)
    assert len(CareRecord.of(authority).looked_after_on(date(2026, 3, 31))) == 150


@pytest.mark.parametrize(
    ("year", "sexes"), [("2018-19", {"1", "2"}), ("2023-24", {"1", "2"}), ("2024-25", {"M", "F"})]
)
def test_each_return_has_the_codes_for_sex_of_its_year(kent, year, sexes):
    assert set(column(kent, year, "header", "SEX")) - {"U"} == sexes


def test_some_child_has_sex_not_known_from_2024_25_on(tmp_path):
    asked = ["--from", "2024-25", "--to", "2024-25", "--children", "300"]
    assert main(["demo", str(tmp_path / "one"), *asked]) == 0
    assert "U" in column(tmp_path / "one", "2024-25", "header", "SEX")


@pytest.mark.parametrize("module", ["social_workers", "deprivations_of_liberty"])
def test_a_module_is_in_the_returns_from_the_year_it_is_collected(kent, module):
    first = int(
        next(
            row.first_year
            for row in codes.table("return_columns").itertuples()
            if row.table == module
        )
    )
    for folder in sorted((kent / "ssda903").iterdir()):
        given = (folder / f"{module}.csv").is_file()
        assert given == (int(folder.name[:4]) >= first), folder.name


def test_care_leavers_of_22_to_25_are_in_the_returns_from_2023_24_on(kent):
    for year in ("2022-23", "2023-24", "2025-26"):
        born = pd.to_datetime(pd.Series(column(kent, year, "oc3", "DOB")), dayfirst=True)
        ages = int(year[:4]) + 1 - born.dt.year - (born.dt.month > 3)
        assert (ages.max() > 21) == (year >= "2023-24"), year


@pytest.mark.long
def test_every_placement_code_is_accepted_on_the_day_its_episode_begins(tmp_path):
    asked = ["--from", "2022-23", "--to", "2025-26", "--children", "900", "--seed", "5"]
    assert main(["demo", str(tmp_path / "one"), *asked]) == 0
    [authority] = read_authority(tmp_path / "one")
    rows = authority.tables["episodes"]
    assert not codes.PLACEMENT.out_of_date(rows["place"], rows["start"]).any()
    used = set(rows["place"])
    assert {"H5", "K3"} <= used
    assert used & {"Z11", "Z12", "Z13", "Z14"}
    assert authority.account.findings.empty


def test_several_authorities_by_name_each_have_a_folder(tmp_path):
    asked = ["--authority", "Leeds", "--authority", "City of London", "--children", "5"]
    time = ["--from", "2023-24", "--to", "2024-25"]
    assert main(["demo", str(tmp_path / "all"), *asked, *time]) == 0
    assert sorted(p.name for p in (tmp_path / "all").iterdir()) == ["city-of-london", "leeds"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["--authority", "Leds"], "did you mean Leeds"),
        (["--authority", "Leeds", "--authorities", "2"], "give one or the other"),
        (["--authority", "Leeds", "--authority", "E08000035"], "named twice"),
        (["--from", "2012-13", "--to", "2018-19"], "returns from 2016-17"),
        (["--from", "2019-20", "--to", "2018-19"], "ends before it begins"),
        (["--to", "2035-36"], "returns from 2016-17"),
    ],
)
def test_what_cannot_be_generated_is_refused_in_one_line(tmp_path, capsys, asked, says):
    assert main(["demo", str(tmp_path / "new"), *asked]) == 2
    printed = capsys.readouterr().err
    assert says in printed
    assert len(printed.splitlines()) == 1
    assert not (tmp_path / "new").exists()


def test_a_new_folder_holds_settings_templates_headings_and_a_readme_of_five_lines(tmp_path):
    place = tmp_path / "leeds"
    assert main(["init", str(place), "--authority", "leeds", "--period", "2024-25"]) == 0
    settings = (place / "authority.toml").read_text(encoding="utf-8")
    assert 'ons_code = "E08000035"' in settings
    assert "# Region: Yorkshire and The Humber" in settings
    [line] = [each for each in settings.splitlines() if "Statistical neighbours" in each]
    assert line.startswith("# ")
    assert len(line.split("; ")) == 10
    assert len((place / "README.md").read_text(encoding="utf-8").splitlines()) == 5
    names = {path.stem for path in (place / "local").iterdir()}
    assert names == set(codes.record("local_lists"))
    words = (place / "commentary" / "2024-25.md").read_text(encoding="utf-8")
    assert all(f"## {name}\n" in words for name in codes.record("sections").values())


@pytest.mark.parametrize("name", sorted(codes.record("local_lists")))
def test_a_template_holds_its_header_and_one_commented_row_of_that_width(name):
    header, row = csv.reader(new_folder.template(name).splitlines())
    record = codes.record("local_lists")[name]
    assert header == [*record["columns"], *record.get("optional", {})]
    assert len(row) == len(header)
    assert row[0].startswith("#")


@pytest.mark.parametrize("name", sorted(codes.record("local_lists")))
def test_the_example_of_a_list_is_a_row_that_the_reader_takes(tmp_path, kent, name):
    place = tmp_path / "one"
    (place / "local").mkdir(parents=True)
    shutil.copytree(kent / "ssda903" / "2024-25", place / "ssda903" / "2024-25")
    record = codes.record("local_lists")[name]
    with (place / "local" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        columns = [*record["columns"], *record.get("optional", {})]
        row = dict(zip(columns, record["example"], strict=True))
        if "child" in row:  # the return must know them
            with (place / "ssda903" / "2024-25" / "episodes.csv").open(encoding="utf-8") as known:
                row["child"] = next(csv.DictReader(known))["CHILD"]
        csv.writer(file).writerows([columns, row.values()])
    [authority] = read_authority(place)
    assert not authority.account.unusable
    assert authority.account.findings.empty
    assert len(authority.lists[name]) == 1


def test_a_template_left_as_it_is_counts_as_a_list_not_given(tmp_path, kent):
    place = tmp_path / "leeds"
    assert main(["init", str(place), "--authority", "Leeds", "--period", "2024-25"]) == 0
    shutil.copytree(kent / "ssda903" / "2024-25", place / "ssda903" / "2024-25")
    [authority] = read_authority(place)
    assert authority.lists == {}
    assert not authority.account.unusable
    assert sum("1 row begins with #" in line for line in authority.account.remarks) == len(
        codes.record("local_lists")
    )


def test_rows_below_a_commented_one_are_read(tmp_path, kent):
    place = tmp_path / "one"
    (place / "local").mkdir(parents=True)
    shutil.copytree(kent / "ssda903" / "2024-25", place / "ssda903" / "2024-25")
    rows = new_folder.template("disputes") + "15/05/2024,Team manager,Health,,\n"
    (place / "local" / "disputes.csv").write_text(rows, encoding="utf-8")
    [authority] = read_authority(place)
    assert len(authority.lists["disputes"]) == 1
    assert authority.account.totals()["set_aside"] == 0


def test_nothing_is_asked_without_a_terminal_and_the_authority_is_asked_for_in_one(
    tmp_path, capsys, monkeypatch
):
    assert main(["init", str(tmp_path / "a"), "--period", "2024-25"]) == 2
    assert "--authority" in capsys.readouterr().err
    answers = iter(["Leds", "Leeds"])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(builtins, "input", lambda _: next(answers))
    assert main(["init", str(tmp_path / "a"), "--period", "2024-25"]) == 0
    assert "did you mean Leeds" in capsys.readouterr().out


def test_a_folder_with_something_in_it_is_never_written_to(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    assert main(["init", str(tmp_path), "--authority", "Leeds"]) == 2
    assert "is not empty" in capsys.readouterr().err
