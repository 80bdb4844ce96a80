"""The region's page of twelve synthetic authorities in a real browser.

The checks are those of the committee's page, run on this one.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import test_page
from builders import read
from test_page import (  # noqa: F401  (each is run here, on the page of this module)
    RULES,
    browser,
    opened,
    test_every_link_of_the_page_leads_somewhere,
    test_every_table_has_a_caption_and_scoped_headers,
    test_forced_colours_keep_every_mark,
    test_headings_go_down_one_step_at_a_time,
    test_no_id_stands_twice,
    test_no_two_exhibits_are_called_the_same,
    test_the_keyboard_reaches_everything_that_can_be_used,
    test_the_page_asks_for_nothing_and_is_never_wider_than_the_screen,
    test_the_page_is_light_and_opens_at_once,
    test_words_and_shapes_of_exhibits_have_contrast_in_light_and_dark,
)

from iro_analysis import codes
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.demonstration import write_demonstration
from iro_analysis.demonstration.calendars import Span
from iro_analysis.disclosure.publish import publish
from iro_analysis.indicators import evaluate
from iro_analysis.periods import single
from iro_analysis.runner import region
from iro_analysis.runner.outputs import write_table
from iro_analysis.runner.places import Places

pytestmark = [pytest.mark.slow, pytest.mark.long]
YEAR, AUTHORITIES = single("2019-20"), 12


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """The page over what twelve authorities released of the measures that it shows."""
    tables = codes.record("region")["tables"]
    shown = [measure for table in tables for measure in table["measures"]]
    place = tmp_path_factory.mktemp("twelve")
    names = {}
    returns = Span.between(date(2016, 4, 1), date(2020, 3, 31))
    for folder in write_demonstration(place / "data", 3, 40, AUTHORITIES, time=returns):
        authority = read(folder)
        record = CareRecord.of(authority)
        mine = [evaluate.figures(record, YEAR, measure, ALL) for measure in shown]
        released = publish(pd.concat(mine, ignore_index=True), "committee").figures
        published = Places(place / "outputs", authority.folder).published(YEAR)
        published.mkdir(parents=True)
        write_table(released, published / "figures.csv")
        names[authority.folder] = authority.name
    assert len(names) == AUTHORITIES
    return region.write(place / "outputs", names, YEAR, "committee", synthetic=True)


@pytest.mark.parametrize("width", [320, 768, 1200])
def test_axe_finds_no_fault_on_the_regions_page(browser, page_file, width):  # noqa: F811
    assert test_page.faults_of(browser, page_file, width) == []


def test_the_page_has_a_row_for_each_authority_and_funnel_plots(opened):  # noqa: F811
    tables = opened.evaluate(
        "[...document.querySelectorAll('table')].map(t => t.querySelectorAll('tbody tr').length)"
    )
    assert tables.count(AUTHORITIES) >= 2
    assert opened.evaluate("document.querySelectorAll('figure svg').length") >= 1


@pytest.mark.parametrize("opened", [695], indirect=True)
def test_nothing_is_cut_on_paper(opened):  # noqa: F811
    opened.emulate_media(media="print")
    cut = opened.evaluate(
        "[...document.querySelectorAll('svg, table, figure')].filter(s =>"
        " s.getBoundingClientRect().right > window.innerWidth + 1)"
        ".map(s => s.outerHTML.slice(0, 90))"
    )
    assert cut == []
