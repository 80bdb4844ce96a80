"""The page in a real browser: nothing asked for, nothing too wide, nothing cut."""

from __future__ import annotations

import itertools
import shutil

import pytest

pytestmark = pytest.mark.slow
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update"]  # fmt: skip
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"]


@pytest.fixture(scope="module")
def browser():
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("NO BROWSER: the page was not opened; install Chromium to test it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page_file(year_report):
    return year_report / "report.html"


@pytest.fixture
def opened(browser, page_file, request):
    width = getattr(request, "param", 1200)
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(page_file.as_uri())
    yield page
    page.close()


@pytest.mark.parametrize("opened", [320, 390, 768, 1200], indirect=True)
def test_the_page_asks_for_nothing_and_is_never_wider_than_the_screen(opened, page_file):
    assert opened.asked == [page_file.as_uri()]
    assert opened.said == []
    width = opened.evaluate("document.documentElement.scrollWidth")
    assert width <= opened.viewport_size["width"]


def test_headings_go_down_one_step_at_a_time(opened):
    levels = opened.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_link_of_the_page_leads_somewhere(opened):
    lost = opened.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')]"
        ".filter(a => !document.getElementById(a.getAttribute('href').slice(1)))"
        ".map(a => a.getAttribute('href'))"
    )
    assert lost == []


def test_no_id_stands_twice(opened):
    twice = opened.evaluate(
        "(() => {const s = new Set(), t = []; for (const e of document.querySelectorAll('[id]'))"
        " {if (s.has(e.id)) t.push(e.id); s.add(e.id);} return t;})()"
    )
    assert twice == []


def test_every_chart_has_a_name_a_description_and_its_table(opened):
    charts = opened.evaluate(
        "[...document.querySelectorAll('figure.chart')].map(f => [f.querySelector('svg > title')"
        ".textContent.length, f.querySelector('svg > desc').textContent.length,"
        " f.querySelectorAll('details table').length, f.querySelectorAll('svg text').length])"
    )
    assert len(charts) >= 10
    assert all(all(part > 0 for part in chart) for chart in charts)


def test_every_table_has_a_caption_and_scoped_headers(opened):
    faults = opened.evaluate(
        "[...document.querySelectorAll('table')].filter(t => !t.caption ||"
        " [...t.querySelectorAll('th')].some(h => !h.scope || !h.textContent.trim()) ||"
        " [...t.querySelectorAll('td')].some(d => !d.textContent.trim())).length"
    )
    assert faults == 0


def test_what_scrolls_can_be_reached_by_keyboard(opened):
    faults = opened.evaluate(
        "[...document.querySelectorAll('.table-frame, .chart-frame')].filter(e =>"
        " e.tabIndex !== 0 || !e.getAttribute('aria-label')).length"
    )
    assert faults == 0


def test_printed_tables_behind_charts_are_open_and_charts_fit(opened):
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": 700, "height": 1000})
    cut = opened.evaluate(
        "[...document.querySelectorAll('figure svg')].filter(s =>"
        " s.getBoundingClientRect().right > window.innerWidth + 1).length"
    )
    assert cut == 0
    heights = opened.evaluate(
        "[...document.querySelectorAll('details table')].map(t => t.getBoundingClientRect().height)"
    )
    assert min(heights) > 0
    assert opened.pdf(format="A4", tagged=True).startswith(b"%PDF")


def test_the_page_is_light_and_opens_quickly_enough_to_read(page_file):
    assert page_file.stat().st_size < 1_000_000
