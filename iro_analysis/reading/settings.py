"""Read ``authority.toml``: an authority's name, code and standing facts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from iro_analysis.comparators import areas
from iro_analysis.errors import InputError
from iro_analysis.reading.account import Account
from iro_analysis.reading.folders import leaves

AUTHORITIES = "authorities"  # the table of a regional folder's settings
FILE = "authority.toml"


def read_settings(folder: Path) -> dict[str, Any]:
    """Return ``authority.toml`` of an authority's folder; empty where there is none.

    Raises
    ------
    InputError
        If the file is not TOML, or its name or code is not text.
    """
    path = folder / "authority.toml"
    if not path.is_file():
        return {}
    if leaves(path, folder):
        raise InputError("authority.toml: a link that leads out of the authority's folder")
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputError(f"authority.toml cannot be read: {problem}") from None
    tables = settings.get(AUTHORITIES, {})
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        raise InputError(f'authority.toml: expected tables such as [{AUTHORITIES}."Leeds"]')
    every = {f'[{AUTHORITIES}."{name}"] ': table for name, table in tables.items()}
    for where, table in {"": settings, **every}.items():
        for key in ("name", "ons_code"):
            if not isinstance(table.get(key, ""), str):
                raise InputError(f"authority.toml: {where}{key} should be text in quotes")
    return settings


def remarks_on(folder: Path) -> list[str]:
    """Return what a user should know where there is no ``authority.toml``."""
    if (folder / FILE).is_file():
        return []
    return [
        f"{FILE} was not given: the folder's name is printed as the authority's, and without an "
        "ons_code no rate and no comparison is made"
    ]


def code_of(settings: dict[str, Any], account: Account) -> str:
    """Return the ONS code that the settings give, as a code or a name; say what is wrong with it.

    A code that is no authority's is kept: the authority's own list of populations goes with it.
    """
    given = settings.get("ons_code", "").strip()
    if not given:
        return ""
    if areas.authority(given):
        return given.upper()
    try:
        return areas.resolve(given).code
    except InputError as problem:
        account.unusable.extend(
            f"authority.toml: ons_code {line}; no rate and no comparison is made from held figures"
            for line in problem.lines
        )
        return given
