"""The check of the project's words: what it bars, what it lets pass, where it looks."""

import prose
import pytest


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("# never a nought", "nought"),
        ("def test_that_is_no_nought():", "nought"),
        ('"""One row a child."""', "One row a child"),
        ("a sheet a module, read", "a sheet a module"),
        ("Made anew after each run", "anew"),
        ("children whom it counts", "whom"),
        ("328 children, of whom 12 are unaccompanied", "whom"),
        ("Mended in time", "Mended"),
        ("earlier periods stand beside it", "stand beside"),
        ("the kind is told by its ending", "told by"),
        ("the so-manieth working day", "so-manieth"),
        ("known already, this report untold", "untold"),
        ("the age on the eve", "on the eve"),
        ("for all rows or one a row", "one a row"),
        ("def _deaf_to_interrupts():", "deaf_to"),
        ("in words, for who cannot see it", "for who cannot"),
        ("a slip of the pen (2091)", "slip of the pen"),
        ("tails pulled in, made whole", "made whole"),
    ],
)
def test_a_private_word_is_found_with_its_line(line, found):
    assert [(n, text) for n, text, _ in prose.Words().faults(f"fine\n{line}\n")] == [(2, found)]


@pytest.mark.parametrize(
    "line",
    ["amendment", "recommended", "one row per child", "a module of two tables",
     'whole_before = ["of whom", "of which"]', "a figure stands alone"],
)  # fmt: skip
def test_a_plain_line_passes(line):
    assert list(prose.Words().faults(line)) == []


def test_the_projects_own_words_are_plain(capsys):
    assert prose.main([]) == 0, capsys.readouterr().out


def test_a_file_named_on_the_command_line_is_checked_alone(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(prose, "PROJECT", tmp_path)
    (tmp_path / "a.md").write_text("Made anew.\n", encoding="utf-8")
    (tmp_path / "b.bin").write_text("anew", encoding="utf-8")
    assert prose.main([str(tmp_path / "a.md"), str(tmp_path / "b.bin")]) == 1
    assert capsys.readouterr().out == "a.md:1: 'anew': write again, new\n"


def test_every_allowed_quotation_belongs_to_a_barred_word():
    words = prose.Words()
    assert set(words.allowed) <= {pattern for pattern, _ in words.instead.values()}
