"""`iro audit` as its users type it, and the page and tables that it writes."""

from __future__ import annotations

import csv
from html.parser import HTMLParser

import pytest
import typed

CLEAN = "# Report\n\nIn all 34% (110 of 328) live in Bromley homes.\n"
WRONG = CLEAN + "\nOf the pupils, 45% (18 of 31) passed. About a third came.\n"


def iro(*arguments, cwd=None):
    return typed.iro("audit", *arguments, cwd=cwd)


def audited(tmp_path, text, *more):
    report = tmp_path / "annual report.md"
    report.write_text(text, encoding="utf-8")
    done = iro(report, "--out", tmp_path / "out", *more)
    return done, tmp_path / "out" / "audit" / "annual_report"


def rows(path):
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_nothing_found_is_status_0(tmp_path):
    done, folder = audited(tmp_path, CLEAN)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing was found" in (folder / "audit.html").read_text(encoding="utf-8")


def test_something_found_is_status_1_and_says_what_to_print(tmp_path):
    done, folder = audited(tmp_path, WRONG)
    assert done.returncode == 1
    assert "58% (18 of 31)" in done.stdout
    [row] = rows(folder / "findings.csv")
    assert (row["check"], row["line"], row["severity"]) == ("1", "5", "wrong")
    assert "18 / 31 = 58.06%" in row["arithmetic"]
    assert [one["not_read"] for one in rows(folder / "figures_read.csv") if one["not_read"]]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("report.docx", "x", "cannot be proof-read"),
        ("report.txt", "", "is empty"),
        ("report.txt", "No number stands here.", "no figure was found"),
        ("list.csv", "name,number\na,1\n", "expected columns"),
        ("nowhere.txt", None, "no such file"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(tmp_path, name, content, words):
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = iro(tmp_path / name, "--out", tmp_path / "out")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert words in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--dfe", "nowhere", "--period", "2019-20"], "nowhere: no such folder"),
        (["--data", "nowhere", "--period", "2019-20"], "nowhere"),
        (["--period", "last year"], "is not a period"),
        (["--data", "data/demo"], "which year is it of?"),
        (["--data", "data/demo", "--period", "2031-32"], "returns cover"),
    ],
)
def test_what_it_cannot_be_held_to_is_refused_in_one_line(tmp_path, project, more, words):
    report = tmp_path / "report.md"
    report.write_text(CLEAN, encoding="utf-8")
    done = iro(report, *more, "--out", tmp_path / "out", cwd=project)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert words in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_page_with_the_authoritys_data_is_marked(tmp_path, project):
    report = tmp_path / "report.md"
    report.write_text("There were 330 children in March 2020.\n", encoding="utf-8")
    done = iro(report, "--data", "data/demo", "--period", "2019-20", "--out", tmp_path, cwd=project)
    assert (done.returncode, done.stderr) == (1, "")
    assert "The data give 328 children" in done.stdout
    page = (tmp_path / "audit" / "report" / "audit.html").read_text(encoding="utf-8")
    assert "not for publication" in page


class Page(HTMLParser):
    """What an accessible page that loads nothing must have."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.labels, self.links = [], [], [], []
        self.language = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.language = given.get("lang") if tag == "html" else self.language
        self.ids += [given["id"]] if "id" in given else []
        self.labels += given.get("aria-labelledby", "").split()
        self.links += [given[name] for name in ("src", "href") if name in given]


def test_the_page_is_one_accessible_file_and_text_of_the_report_stays_text(tmp_path):
    _, folder = audited(tmp_path, WRONG + "\n<script>x</script> 45% (18 of 31) <b>&\n")
    page = Page((folder / "audit.html").read_text(encoding="utf-8"))
    assert page.language == "en-GB"
    assert {"script", "img", "link", "iframe", "b"}.isdisjoint(page.tags)
    assert page.links == ["#content"]
    assert len(page.ids) == len(set(page.ids))
    assert set(page.labels) <= set(page.ids)
    assert page.tags.count("h1") == page.tags.count("main") == 1


@pytest.mark.slow
def test_our_own_page_passes_its_own_audit(tmp_path, project, year_report):
    page = tmp_path / "report.html"
    page.write_bytes((year_report / "report.html").read_bytes())
    for more in ([], ["--data", "data/demo"]):
        done = iro(page, *more, "--out", tmp_path, cwd=project)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    text = page.read_text(encoding="utf-8")
    right = '>62</td><td class="number">328</td><td class="number">19%<'
    assert right in text
    page.write_text(text.replace(right, right.replace("19%", "16%")), encoding="utf-8")
    done = iro(page, "--out", tmp_path)
    assert done.returncode == 1
    assert "62 of 328 is 19%, not 16%" in done.stdout


def test_a_column_that_is_not_read_is_said_and_makes_status_1(tmp_path):
    listed = tmp_path / "list.csv"
    listed.write_text("label,count,total,rise\nAttended,10,20,60\n", encoding="utf-8")
    done = iro(listed, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "column 'RISE'" in done.stderr
