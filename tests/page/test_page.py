"""The page in a real browser: nothing asked for, nothing too wide, nothing cut."""

from __future__ import annotations

import itertools
import re
import time

import pytest

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
    [pytest.param("report.html", 1200, marks=pytest.mark.long), ("report.html", 320),
     ("age_profile.html", 1200), ("../index.html", 1200), ("../index.html", 320),
     ("young_people.html", 320)],
)  # fmt: skip
def test_axe_finds_no_fault(browser, page_file, file, width):
    assert faults_of(browser, (page_file.parent / file).resolve(), width) == []


def faults_of(browser, file, width):
    """What axe-core finds against a page, at a width of the window."""
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response
    page.close()
    assert len(found["passes"]) > 15  # it did look
    return [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"]]


@pytest.mark.parametrize(("opened", "rows"), [(1200, 10), (390, 2)], indirect=["opened"])
def test_the_first_screen_shows_the_verdict_and_the_year_at_a_glance(opened, rows):
    bottom = opened.evaluate("document.querySelector('.verdict').getBoundingClientRect().bottom")
    assert 0 < bottom < opened.viewport_size["height"]
    seen = opened.evaluate(
        "[...document.querySelectorAll('#at-a-glance tbody tr')]"
        ".filter(r => r.getBoundingClientRect().bottom <= innerHeight).length"
    )
    assert seen >= rows


def test_each_line_of_what_needs_attention_leads_to_its_exhibit(opened):
    places = opened.evaluate(
        "[...document.querySelectorAll('.attention li > a, .well li > a')].map(a => {const t ="
        " document.getElementById(a.getAttribute('href').slice(1));"
        " return t.className || t.tagName})"
    )
    assert len(places) >= 5
    assert all("table-frame" in place or "trend" in place for place in places)


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


def test_every_exhibit_has_an_id_and_each_fact_is_heard_once(opened):
    exhibits = opened.evaluate(
        "[...document.querySelectorAll('main > section:not(.annex) .table-frame,"
        " figure.trend')].map(e => e.id)"
    )
    assert len(exhibits) >= 10
    assert all(exhibits)
    assert opened.evaluate("document.querySelectorAll('svg:not([aria-hidden])').length") == 0
    assert opened.evaluate("document.querySelectorAll('svg desc').length") == 0


def test_no_two_exhibits_are_called_the_same(opened):
    called = opened.evaluate(
        "[...document.querySelectorAll('caption, figcaption')].map(c => c.textContent)"
    )
    assert len(called) >= 10
    assert [text for text in called if called.count(text) > 1] == []


def test_the_service_is_heard_under_headings_of_its_own(opened):
    lost = opened.evaluate(
        "[...document.querySelectorAll('main > section:not(.annex) blockquote')]"
        ".filter(q => q.previousElementSibling.tagName !== 'H3').length"
    )
    assert lost == 0
    assert opened.evaluate("document.querySelectorAll('blockquote.commentary').length") >= 10


def test_fewer_than_eighty_stops_lead_through_the_page(opened):
    stops = opened.evaluate(
        "[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')]"
        ".filter(e => e.checkVisibility()).length"
    )
    assert stops < 80


@pytest.mark.parametrize("opened", [320], indirect=True)
def test_the_words_in_charts_can_be_read_on_a_small_telephone(opened):
    sizes = opened.evaluate(
        "[...document.querySelectorAll('.trend *, .exhibit-table *')].filter(e =>"
        " e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 &&"
        " n.textContent.trim())).map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert len(sizes) > 100
    assert min(sizes) >= 12  # CSS pixels


WORDS_IN_THE_WAY = (
    "[...document.querySelectorAll('figure.trend')].flatMap(f => {"
    " const all = f.getBoundingClientRect();"
    " const t = [...f.querySelectorAll('.value, .series, .tick')].filter(e => e.checkVisibility())"
    " .map(e => {const r = document.createRange(); "
    " r.selectNodeContents(e.querySelector('[data-figure]') || e);"
    " return [e.textContent, r.getBoundingClientRect()];});"
    " const cut = t.filter(([, b]) => b.left < all.left - 1 || b.right > all.right + 1);"
    " const on = t.filter(([, b], i) => t.some(([, c], j) => i < j &&"
    " Math.min(b.right, c.right) - Math.max(b.left, c.left) > 1 &&"
    " Math.min(b.bottom, c.bottom) - Math.max(b.top, c.top) > 2));"
    " return [...cut, ...on].map(([text]) => f.id + ': ' + text);})"
)


@pytest.mark.parametrize("opened", [320, 768, 1200], indirect=True)
def test_no_word_of_a_chart_is_cut_or_lies_on_another(opened):
    assert opened.evaluate("document.querySelectorAll('figure.trend .value').length") >= 12
    assert opened.evaluate(WORDS_IN_THE_WAY) == []


@pytest.mark.parametrize("opened", [1200], indirect=True)
def test_a_chart_takes_the_whole_column_and_has_three_marks_or_more(opened):
    drawn = opened.evaluate(
        "[...document.querySelectorAll('figure.trend')].map(f => [f.getBoundingClientRect().width /"
        " f.parentElement.getBoundingClientRect().width, f.querySelectorAll('.point').length])"
    )
    assert drawn
    assert all(width >= 0.9 and marks >= 3 for width, marks in drawn)


def test_every_table_has_a_caption_and_scoped_headers(opened):
    faults = opened.evaluate(
        "[...document.querySelectorAll('table')].filter(t => !t.caption ||"
        " [...t.querySelectorAll('th')].some(h => !h.scope || !h.textContent.trim()) ||"
        " [...t.querySelectorAll('td:not(.mark, .words)')].some(d => !d.textContent.trim())).length"
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_shapes_of_exhibits_have_contrast_in_light_and_dark(opened, scheme):
    """What no checker looks into: text 4.5 to 1, shapes 3 to 1, against the page."""
    opened.emulate_media(color_scheme=scheme)
    given = opened.evaluate(
        "(() => {const s = getComputedStyle(document.documentElement); return ['--ink', '--quiet',"
        " '--brand', '--one', '--two', '--three', '--four', '--accent', '--paper']"
        ".map(n => s.getPropertyValue(n).trim());})()"
    )
    *words, accent, paper = [of_hex(text if len(text) == 7 else "#ffffff") for text in given]
    assert all(contrast(colour, paper) >= 4.5 for colour in words)
    assert contrast(accent, paper) >= 2.9  # England's mark: its number is next to it
    behind = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert tuple(map(int, re.findall(r"\d+", behind))) == paper


def test_forced_colours_keep_every_mark(opened):
    opened.emulate_media(forced_colors="active")
    gone = opened.evaluate(
        "[...document.querySelectorAll('.track .dot:not(.open), .track.bar > b, .trend .point')]"
        ".filter(e => getComputedStyle(e).backgroundColor ==="
        " getComputedStyle(document.body).backgroundColor).length"
    )
    assert gone == 0


def test_on_paper_the_annexes_are_left_out_and_nothing_is_cut(opened):
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": 695, "height": 1000})  # A4 less its margins
    cut = opened.evaluate(
        "[...document.querySelectorAll('svg, table, figure')].filter(s =>"
        " s.getBoundingClientRect().right > window.innerWidth + 1)"
        ".map(s => s.outerHTML.slice(0, 90))"
    )
    assert cut == []
    hidden = opened.evaluate("!document.querySelector('section.annex').checkVisibility()")
    assert hidden


def test_the_pdf_is_tagged_has_an_outline_and_cuts_nothing(browser, page_file):
    import pypdfium2

    path = page_file.with_name("report.pdf")
    assert b"/StructTreeRoot" in path.read_bytes()
    paper = pypdfium2.PdfDocument(path)
    assert 5 < len(paper) <= 15
    titles = [entry.get_title() for entry in paper.get_toc()]
    assert "For children and young people" in titles
    assert any("reviews" in title for title in titles)
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
    assert page_file.stat().st_size < 600_000
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    began = time.monotonic()
    page.goto(page_file.as_uri())
    took = time.monotonic() - began
    page.close()
    assert took < 10  # a second on a quiet machine; the bound is for a busy one


def blank_feet(path):
    """How much of each page's text area is blank at its foot, from 0 to 1."""
    import pypdfium2

    found, paper = [], pypdfium2.PdfDocument(path)
    for page in paper:
        shown = page.render(scale=0.5).to_pil().convert("L")
        first, last = int(shown.height * 14 / 297), int(shown.height * (297 - 16) / 297) - 1
        rows = [shown.crop((0, y, shown.width, y + 1)).getextrema()[0] for y in range(first, last)]
        inked = [place for place, darkest in enumerate(rows) if darkest < 200]
        found.append(1 - (max(inked) + 1) / len(rows) if inked else 1.0)
    paper.close()
    return found


def test_no_page_of_paper_but_the_last_is_more_than_a_quarter_blank(browser, page_file):
    *pages, last = blank_feet(page_file.with_name("report.pdf"))
    assert [(n, round(part, 2)) for n, part in enumerate(pages, 1) if part > 0.25] == []
    assert last < 0.97, "the last page holds nothing"
