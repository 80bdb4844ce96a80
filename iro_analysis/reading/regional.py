"""Share out a regional extract: rows by `LA`, lists by `authority` or child, settings by name.

Each authority has its own settings (``[authorities."Leeds"]`` of ``authority.toml``) and its own
rows of the local lists (a column ``authority``, or the child). What cannot be told apart is
refused, and given to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from iro_analysis.errors import near_name
from iro_analysis.reading.account import Account
from iro_analysis.reading.local import AUTHORITY
from iro_analysis.reading.returns import Part
from iro_analysis.reading.settings import AUTHORITIES

_OF_ONE = frozenset(["name", "ons_code", AUTHORITIES])


@dataclass(frozen=True)
class Share:
    """What belongs to one authority of a regional extract."""

    name: str
    parts: list[Part]
    account: Account
    lists: dict[str, pd.DataFrame]
    settings: dict[str, Any]


def split(
    parts: list[Part],
    names: list[str],
    account: Account,
    lists: dict[str, pd.DataFrame],
    settings: dict[str, Any],
) -> Iterator[Share]:
    """Give each authority of a regional extract its rows, lists, settings and account.

    Parameters
    ----------
    parts : list of Part
        Of all authorities, with codes checked.
    names : list of str
        The authorities, as the column ``LA`` names them.
    account : Account
        Of all; each authority's own has the findings of its own rows only.
    lists : dict of DataFrame
    settings : dict
        ``authority.toml``.
    """
    _set_aside_without_authority(parts, names[0], account)
    episodes = pd.concat([p.rows[["la", "child"]] for p in parts if p.module.table == "episodes"])
    children_of = {la: set(episodes.loc[episodes["la"].eq(la), "child"]) for la in names}
    own_lists = of_each_authority(lists, children_of, account)
    own_settings = _settings_of_each(settings, names, account)
    of_lists = [entry for entry in account.files if entry.file.startswith("local/")]
    of_nobody = _in_no_share(account, own_lists)
    for la in names:
        mine = [part.of_authority(la) for part in parts]
        lines = pd.concat([p.origin.assign(file=p.file) for p in mine], ignore_index=True)
        listed = [rows[["file", "line"]] for rows in own_lists[la].values()]
        if la == names[0]:  # the rows of the lists are accounted for once
            listed.append(of_nobody)
        own = account.of_lines(pd.concat([lines, *listed], ignore_index=True))
        if la == names[0]:
            own.files.extend(of_lists)
        yield Share(la, mine, own, own_lists[la], own_settings[la])


def _in_no_share(account: Account, own_lists: dict[str, dict[str, pd.DataFrame]]) -> pd.DataFrame:
    """Return file and line of the rows of lists with a fault that no authority has: set aside."""
    found = account.findings[["file", "line"]].drop_duplicates()
    found = found[found["file"].str.startswith("local/")]
    used = [rows[["file", "line"]] for lists in own_lists.values() for rows in lists.values()]
    if not used:
        return found
    taken = pd.MultiIndex.from_frame(pd.concat(used, ignore_index=True))
    return found[~pd.MultiIndex.from_frame(found).isin(taken)]


def _settings_of_each(
    settings: dict[str, Any], names: list[str], account: Account
) -> dict[str, dict[str, Any]]:
    """Return authority -> its settings: its table in ``[authorities]``, and those of all."""
    given = settings.get(AUTHORITIES, {})
    shared = {key: value for key, value in settings.items() if key not in _OF_ONE}
    own_name = {name.casefold(): name for name in names}
    own: dict[str, dict[str, Any]] = {}
    for name, table in given.items():
        if name.casefold() not in own_name:
            account.unusable.append(
                f'authority.toml: [authorities."{name}"] is no authority of the extract'
                f"{near_name(name, names)}; it has {', '.join(names)}"
            )
            continue
        own[own_name[name.casefold()]] = table
    for name in names:
        if "ons_code" not in own.get(name, {}):
            account.remarks.append(
                f'authority.toml: [authorities."{name}"] gives no ons_code, so no rate and no '
                f"comparison is made for {name}"
            )
    return {name: {**shared, **own.get(name, {})} for name in names}


def _set_aside_without_authority(parts: list[Part], first: str, account: Account) -> None:
    """Set aside the rows of a regional extract that name no authority; the first accounts for them.

    They belong to nobody, but every row must be found in one account.
    """
    for part in parts:
        blank = part.rows["la"].eq("")
        account.record_fault("no_authority", part.rows[blank], "LA")
        part.rows = part.rows[~blank].reset_index(drop=True)
        part.origin.loc[part.origin["la"].eq(""), "la"] = first


def of_each_authority(
    lists: dict[str, pd.DataFrame], names: dict[str, set[str]], account: Account
) -> dict[str, dict[str, pd.DataFrame]]:
    """Return the lists of a regional extract for each authority; none that cannot be told apart.

    Parameters
    ----------
    lists : dict of DataFrame
        As ``read_lists`` returns them.
    names : dict
        Authority, as the extract names it -> the children of its episodes.
    account : Account
        Receives one line for each list, or row, that cannot be told apart.

    Returns
    -------
    dict
        Authority -> its lists. The column ``authority`` decides; without it, the child does where
        each child of the list is one authority's.
    """
    found: dict[str, dict[str, pd.DataFrame]] = {name: {} for name in names}
    own_name = {name.casefold().strip(): name for name in names}
    for list_name, rows in lists.items():
        owner = rows[AUTHORITY].str.casefold().map(own_name)
        if rows[AUTHORITY].eq("").all():
            owner = _by_child(rows, names)
        if owner is None:
            account.unusable.append(
                f"local/{list_name}.csv: which authority each row belongs to cannot be told; give "
                f"it a column {AUTHORITY} ({', '.join(names)}); the list is not used"
            )
            continue
        if owner.isna().any():
            lines = ", ".join(str(line) for line in rows.loc[owner.isna(), "line"].head(5))
            account.unusable.append(
                f"local/{list_name}.csv: {int(owner.isna().sum())} rows name no authority of the "
                f"extract (lines {lines}); expected {', '.join(names)}; they are not used"
            )
        for name in names:
            found[name][list_name] = rows[owner.eq(name)].reset_index(drop=True)
    return found


def _by_child(rows: pd.DataFrame, names: dict[str, set[str]]) -> pd.Series | None:
    """Return each row's authority, from its child; None where any child is of none or several."""
    if "child" not in rows or rows.empty:
        return None
    owners = {
        child: [name for name, children in names.items() if child in children]
        for child in rows["child"].unique()
    }
    if any(len(found) != 1 for found in owners.values()):
        return None
    return rows["child"].map({child: found[0] for child, found in owners.items()})
