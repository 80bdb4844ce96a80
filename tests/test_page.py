"""The page in a real browser: nothing asked for, nothing too wide, nothing cut."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from builders import shared_study

from iro_analysis import periods
from iro_analysis.charts import DARK, GREY, ORANGE, PLUM, TEAL
from iro_analysis.runner import printing

pytestmark = pytest.mark.slow
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser():
    found = printing.browser()
    if found is None:
        pytest.skip("NO BROWSER: the page was not opened; install Chromium to test it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(printing.FLAGS))
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


@pytest.mark.parametrize(
    ("file", "width"),
    [("report.html", 1200), ("report.html", 320), ("age_profile.html", 1200),
     ("../index.html", 1200), ("../index.html", 320)],
)  # fmt: skip
def test_axe_finds_no_fault(browser, page_file, file, width):
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((page_file.parent / file).resolve().as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response
    page.close()
    assert len(found["passes"]) > 15  # it did look
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"]] == []


def test_the_summary_is_one_screen_and_each_line_a_link(opened):
    assert opened.evaluate("document.querySelector('main h2').textContent") == "Summary"
    bottom = opened.evaluate("document.querySelector('.glance').getBoundingClientRect().bottom")
    assert bottom <= opened.viewport_size["height"]
    lines = opened.evaluate(
        "[...document.querySelectorAll('.glance li')].map(l => !!l.querySelector('a'))"
    )
    assert len(lines) >= 3
    assert all(lines)
    assert opened.evaluate("document.querySelectorAll('.small-charts svg').length") == 4
    assert opened.evaluate("!!document.querySelector('#for-young-people')")


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


def test_no_two_charts_are_called_the_same(opened):
    called = opened.evaluate(
        "[...document.querySelectorAll('figure.chart figcaption')].map(c => c.textContent)"
    )
    assert len(called) >= 10
    assert [text for text in called if called.count(text) > 1] == []


@pytest.mark.parametrize("opened", [320], indirect=True)
def test_the_words_in_charts_can_be_read_on_a_small_telephone(opened):
    sizes = opened.evaluate(
        "[...document.querySelectorAll('svg')].flatMap(s => {const k ="
        " s.getBoundingClientRect().width / s.viewBox.baseVal.width;"
        " return [...s.querySelectorAll('text')].map(t =>"
        " parseFloat(getComputedStyle(t).fontSize) * k);})"
    )
    assert len(sizes) > 100
    assert min(sizes) >= 9  # CSS pixels


WORDS_IN_THE_WAY = (
    "[...document.querySelectorAll('svg')].flatMap(s => {"
    " const all = s.getBoundingClientRect();"
    " const t = [...s.querySelectorAll('text')].map(e => [e.textContent,"
    " e.getBoundingClientRect()]);"
    " const cut = t.filter(([, b]) => b.left < all.left - 1 || b.right > all.right + 1);"
    " const on = t.filter(([, b], i) => t.some(([, c], j) => i < j &&"
    " Math.min(b.right, c.right) - Math.max(b.left, c.left) > 2 &&"
    " Math.min(b.bottom, c.bottom) - Math.max(b.top, c.top) > 4));"
    " return [...cut, ...on].map(([text]) => s.querySelector('title').id + ': ' + text);})"
)


@pytest.mark.parametrize("opened", [320, 1200], indirect=True)
def test_no_word_of_a_chart_is_cut_or_lies_on_another(opened):
    assert opened.evaluate(WORDS_IN_THE_WAY) == []


@pytest.mark.parametrize("name", ["2019-20-Q3", "2020-21-H1", "2022-08-01:2023-01-31"])
def test_nor_in_the_charts_of_a_part_of_a_year(browser, demo, tmp_path, name):
    study = shared_study(demo, periods.single(name), "internal")
    measures = ("looked_after", "started", "three_or_more_placements", "reviews_on_time")
    charts = "".join(study.show(measure)._repr_html_() for measure in measures)
    file = tmp_path / "charts.html"
    file.write_text(f"<div style='width:288px'>{charts}{study.summary()._repr_html_()}", "utf-8")
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(file.as_uri())
    assert page.locator("svg").count() >= 6
    assert page.evaluate(WORDS_IN_THE_WAY) == []
    page.close()


def test_every_table_has_a_caption_and_scoped_headers(opened):
    faults = opened.evaluate(
        "[...document.querySelectorAll('table')].filter(t => !t.caption ||"
        " [...t.querySelectorAll('th')].some(h => !h.scope || !h.textContent.trim()) ||"
        " [...t.querySelectorAll('td')].some(d => !d.textContent.trim())).length"
    )
    assert faults == 0


@pytest.mark.parametrize("opened", [320, 1200], indirect=True)
def test_the_keyboard_reaches_everything_that_can_be_used(opened):
    opened.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    lost = opened.evaluate(
        "[...document.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1 &&"
        " ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.tabIndex !== 0).length"
    )
    assert lost == 0
    opened.evaluate("document.querySelectorAll('main details').forEach(d => d.open = false)")
    wanted = opened.evaluate(
        "[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')]"
        ".filter(e => e.checkVisibility()).length"
    )
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    assert opened.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    seen = 1
    while seen <= wanted:
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement === document.body"):
            break
        seen += 1
    assert wanted - 1 <= seen <= wanted  # a summary that is only a heading on wide screens


def luminance(colour):
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour, other=(255, 255, 255)):
    light, dark = sorted([luminance(colour), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def of_hex(text):
    return tuple(int(text[place : place + 2], 16) for place in (1, 3, 5))


def test_the_palette_stands_out_from_white():
    assert round(contrast((0, 0, 0))) == 21
    assert all(contrast(of_hex(colour)) >= 3 for colour in (DARK, TEAL, PLUM, ORANGE, GREY))
    assert all(contrast(of_hex(colour)) >= 4.5 for colour in (DARK, PLUM, GREY))
    assert contrast(of_hex(ORANGE), of_hex(DARK)) >= 3  # a mark that lies on a bar


def test_words_and_shapes_inside_charts_have_contrast(opened):
    """What no checker looks into: text 4.5 to 1, shapes 3 to 1, against the page's white."""
    text = opened.evaluate(
        "[...new Set([...document.querySelectorAll('svg text')]"
        ".map(e => getComputedStyle(e).fill))]"
    )
    shapes = opened.evaluate(
        "[...new Set([...document.querySelectorAll('svg path, svg use, svg line')].flatMap(e =>"
        " [getComputedStyle(e).fill, getComputedStyle(e).stroke]))].filter(c => c !== 'none')"
    )
    behind = opened.evaluate(
        "[...document.querySelectorAll('svg')].every(s => {for (let e = s; e; e ="
        " e.parentElement) {const c = getComputedStyle(e).backgroundColor; if (c !=="
        " 'rgba(0, 0, 0, 0)') return c === 'rgb(255, 255, 255)';} return true;})"
    )
    assert behind
    assert len(text) >= 2
    colours = {c: tuple(map(int, re.findall(r"\d+", c)[:3])) for c in [*text, *shapes]}
    assert [c for c in text if contrast(colours[c]) < 4.5] == []
    white = (255, 255, 255)
    assert [c for c in shapes if contrast(colours[c]) < 3 and colours[c] != white] == []


def test_on_paper_everything_is_open_and_nothing_is_cut(opened):
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": 695, "height": 1000})  # A4 less its margins
    cut = opened.evaluate(
        "[...document.querySelectorAll('svg, table, figure')].filter(s =>"
        " s.getBoundingClientRect().right > window.innerWidth + 1)"
        ".map(s => s.outerHTML.slice(0, 90))"
    )
    assert cut == []
    heights = opened.evaluate(
        "[...document.querySelectorAll('details table')].map(t => t.getBoundingClientRect().height)"
    )
    assert min(heights) > 0


def test_the_pdf_is_tagged_has_an_outline_and_cuts_nothing(browser, page_file):
    import pypdfium2

    path = page_file.with_name("report.pdf")
    assert b"/StructTreeRoot" in path.read_bytes()
    paper = pypdfium2.PdfDocument(path)
    assert 10 < len(paper) < 60
    titles = [entry.get_title() for entry in paper.get_toc()]
    assert {"Summary", "For young people", "Reviews", "Definitions"} <= set(titles)
    for page in paper:
        width, height = page.get_size()
        assert (round(width), round(height)) == (595, 842)
        words = page.get_textpage()
        for place in range(words.count_rects()):
            left, bottom, right, top = words.get_rect(place)
            assert 0 <= left <= right <= width
            assert 0 <= bottom <= top <= height
    paper.close()


def test_the_page_is_light_and_opens_at_once(browser, page_file):
    assert page_file.stat().st_size < 1_000_000
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    began = time.monotonic()
    page.goto(page_file.as_uri())
    took = time.monotonic() - began
    page.close()
    assert took < 10  # a second on a quiet machine; the bound is for a busy one
