"""Chapters of a small authority: one of which nothing can be shown is left out, and named."""

from __future__ import annotations

import pytest
from builders import read

from iro_analysis.demonstration import write_demonstration
from iro_analysis.periods import single
from iro_analysis.report import chapters
from iro_analysis.study import Study


@pytest.mark.slow
def test_a_chapter_of_which_nothing_can_be_shown_is_left_out_and_named(tmp_path):
    [folder] = write_demonstration(tmp_path / "small", 5, children=12)
    report = Study.of(read(folder), single("2019-20"), "committee").report()
    left_out = chapters.left_out(report.source)
    assert left_out, "twelve children are too few for some chapter"
    names = [each.name for each in report.sections]
    assert not set(left_out) & set(names)
    assert len(names) > len(left_out)
    last = "".join(block.html for block in report.how_sure().blocks)
    for name in left_out:
        assert f"“{name}”" in last
    ids = {each["id"] for each in report.source.chapters if each["name"] in left_out}
    assert {report.chapter(each)._repr_html_() for each in ids} == {""}
    html = "".join(each.html for each in report.sections)
    for each in ids:
        assert f'href="#{each}"' not in html


def test_an_authority_that_is_not_the_demonstration_gets_no_words_of_its_service(tmp_path):
    [folder] = write_demonstration(tmp_path / "small", 5, children=12)
    assert not list(folder.rglob("commentary/*.md"))
