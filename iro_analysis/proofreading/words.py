"""Compile the words of ``reference/audit_words.toml`` to patterns, once."""

from __future__ import annotations

import re
from functools import cache

from iro_analysis import codes

FLAGS = re.IGNORECASE


@cache
def section(name: str) -> dict:
    """Return one part of the vocabulary."""
    return codes.record("audit_words")[name]


@cache
def any_of(part: str, name: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the words of a list, as whole words."""
    return re.compile(rf"\b(?:{'|'.join(section(part)[name])})\b", FLAGS)


@cache
def noun() -> re.Pattern[str]:
    """Return the pattern of what may be counted, longest words first."""
    words = sorted(section("counted")["nouns"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(words)})\b", FLAGS)


@cache
def number_word() -> re.Pattern[str]:
    """Return the pattern of numbers in words."""
    return re.compile(rf"\b(?:{'|'.join(section('number_words'))})\b", FLAGS)


@cache
def passed_over() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of numbers that are no figures."""
    return tuple(re.compile(pattern, FLAGS) for pattern in section("passed_over")["patterns"])


@cache
def limit_before() -> re.Pattern[str]:
    """Return the pattern of words before a rate that is a limit and no figure."""
    return re.compile("|".join(section("passed_over")["limit_before"]), FLAGS)


@cache
def hedge_before() -> re.Pattern[str]:
    """Return the pattern of a hedge right before a number."""
    words = sorted(set(section("hedges")) - {"exact"}, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(words)})\s+(?:an?\s+)?$", FLAGS)


@cache
def fractions() -> re.Pattern[str]:
    """Return the pattern of fractions in words."""
    return any_of("fractions", "words")


@cache
def columns(kind: str) -> re.Pattern[str]:
    """Return the pattern of one kind of a table's columns or rows."""
    return re.compile("|".join(section("columns")[kind]), FLAGS)


@cache
def areas() -> dict[str, re.Pattern[str]]:
    """Return area -> the pattern of its names."""
    return {
        area: re.compile(rf"\b(?:{'|'.join(patterns)})\b", FLAGS)
        for area, patterns in section("areas").items()
    }


def blanked(text: str) -> str:
    """Return a text of the same length in which numbers that are no figures are blank."""
    for pattern in passed_over():
        text = pattern.sub(lambda found: re.sub(r"\S", " ", found.group()), text)
    return text
