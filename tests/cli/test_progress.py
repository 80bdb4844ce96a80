"""The line that says how many reports are made and how long the rest takes."""

from __future__ import annotations

import sys

from iro_analysis.cli import commands


def shown(capsys, monkeypatch, expected, *steps):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    show = commands._progress(expected)
    for step in steps:
        show(*step)
    return capsys.readouterr().err.split("\r")[1:]


def test_it_says_how_long_is_left(capsys, monkeypatch):
    first, second, last = shown(capsys, monkeypatch, 4, (1, 10.0), (2, 18.0), (4, 40.0))
    assert "1 of 4 reports, 10 s, about 30 s left" in first
    assert "2 of 4 reports, 18 s, about 18 s left" in second
    assert "4 of 4 reports, 40 s" in last
    assert "left" not in last
    assert last.endswith("\n")


def test_a_shorter_line_covers_the_longer_one(capsys, monkeypatch):
    first, last = shown(capsys, monkeypatch, 2, (1, 1000.0), (2, 2000.0))
    assert len(last.rstrip("\n")) >= len(first.rstrip())


def test_it_is_silent_where_the_output_goes_elsewhere(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert commands._progress(4) is None
