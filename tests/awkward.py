"""An awkward return: everything that the specification allows and a clean one never holds.

Every code of every list, of all years, by at least one child; optional columns blank by turns;
temporary absences, Z1, K1, P1, adoption and short breaks first, last and between; twins and
siblings; births and 18th birthdays on 29 February and 31 March; episodes of one day and of none;
care leavers who are in no other file; authorities of no child to thousands; lists with many rows,
one, none; text that a page, a workbook or a chart must not take for its own. Invented throughout.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

from builders import write_csv

from iro_analysis import codes, contracts

RETURNS = range(2016, 2021)  # the years in which the returns' years begin
LAST = date(2021, 3, 31)
NAME = 'Awkward & "Sons" <script>alert(1)</script> =1+1'
TEXTS = [
    "<img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://example.org\",\"x\")",
    "+1-1",
    "@SUM(A1)",
    "-2",
    "]]><b>&amp;",
    "Ünïcode ‮ reversed",
    "| a | table |",
    "[x](javascript:alert(1))",
    "",
    "{{ 7 * 7 }}",
    "a @ b # c ~ d",
    "bell \x07 and line\x0bend",
]  # fmt: skip
# Columns that may be blank and may not be left out: without them a file is none of the return's.
KEPT = {"DEC", "REC", "DUC", "SDQ_SCORE", "PL_POST", "DATE_PLACED_CEASED", "PREV_PERM", "MIS_END"}
# Placements of a child, one after the other; a number of days stands behind each where it matters.
SHAPES = [
    ["U6"],
    ["U6", "T0", "U6"],
    ["T1", "U4"],
    ["U4", "T2"],
    ["Z1"],
    ["Z1", "K1", "U6"],
    ["K1"],
    ["P1"],
    ["U6", "P1"],
    ["U5", "A5"],
    ["U6", "A6"],
    ["A4", "U4"],
    ["U2", "A3", "T3", "A3"],
    ["V3"],
    ["V4", "U6"],
    ["U6", "V4"],
    ["U1", "V3", "U3"],
    ["K2", "K2", "H5", "P2", "R1", "S1"],
    ["every", "every", "every", "every"],
]
UNSURE_DAYS = ["zz/zz/zzzz", "zz/05/2015", "", "01/02/2014"]
BIRTHS = ["29/02/2004", "31/03/2003", "29/02/2012", "31/03/2015", "01/04/2003", "01/03/2003"]


def write(
    folder: Path,
    children: int = 60,
    seed: int = 1,
    lists: str = "many",
    bare: bool = False,
    ons_code: str = "",
    every_header: bool = False,
) -> Path:
    """Write an awkward authority of so many children.

    Parameters
    ----------
    folder : Path
    children : int
        Children with episodes.
    seed : int
        The same seed, the same bytes.
    lists : str
        ``many``, ``one`` (row each), ``none`` (a header only) or ``absent``.
    bare : bool
        Whether columns that the specification lets be blank are left out of the files.
    ons_code : str
        The authority's code, for comparisons with other areas; blank for none.
    every_header : bool
        Whether each child of a return, care leavers too, has a header row in it whose sex stands
        in the child's other rows, as in an XML return. Some have no header row otherwise.
    """
    made = _Made(random.Random(seed))
    for number in range(children):
        made.child(number)
    made.leavers(0 if not children else max(children // 3, 2))
    quoted = NAME.replace("\\", "\\\\").replace('"', '\\"')
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "authority.toml").write_text(
        f'name = "{quoted}"\n' + (f'ons_code = "{ons_code}"\n' if ons_code else ""),
        encoding="utf-8",
    )
    for first in RETURNS:
        _write_year(folder, first, made, bare, every_header)
    if lists != "absent":
        _write_lists(folder / "local", made, lists)
    return folder


class _Made:
    """Children with their episodes and what else the return holds of them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.codes: dict[str, cycle] = {}
        self.episodes: list[dict] = []
        self.rows: dict[str, list[dict]] = {}
        self.births: dict[str, date] = {}

    def code(self, name: str) -> str:
        """Return the next code of a list, all by turns."""
        if name not in self.codes:
            known = list(codes.table(f"codes/{name}")["code"])
            self.codes[name] = cycle(known)
        return next(self.codes[name])

    def child(self, number: int) -> None:
        """Add a child: of one shape, sometimes another's twin, sometimes born on an odd day."""
        twin = number % 9 == 8
        name = f"{number:05d}A"
        if number % 4 == 0:
            day, month, year = BIRTHS[number // 4 % len(BIRTHS)].split("/")
            born = date(int(year), int(month), int(day))
        else:
            born = date(2003, 1, 1) + timedelta(days=self.chance.randrange(6000))
        start = date(2015, 9, 1) + timedelta(days=self.chance.randrange(1900))
        if twin:
            born, start = self.births[f"{number - 1:05d}A"], self.last_start
        if number < 2:  # the smallest authorities have a child in every return
            start = date(2016, 5, 1)
        self.last_start, self.births[name] = start, born
        start = max(start, born)
        for place in SHAPES[number % len(SHAPES)]:
            start = self._episode(name, start, place, number)
            if start is None:
                break
        self._modules(name, born)

    def _episode(self, name: str, start: date, place: str, number: int) -> date | None:
        length = self.chance.choice([0, 1, 1, 7, 17, 40, 200, 500, 900])
        if number < 2:
            length = 3000
        end = start + timedelta(days=length)
        short = place in ("V3", "V4")
        mine = [row for row in self.episodes[-6:] if row["CHILD"] == name]
        going_on = bool(mine) and mine[-1]["DEC"] == start and mine[-1]["REC"] == "X1"
        ends = end < LAST and self.chance.random() < 0.9
        goes_on = self.chance.random() < 0.75
        code = self.code("placement") if place == "every" else "K2" if short else place
        without = code.startswith(("T", "Z"))
        row = {
            "CHILD": name,
            "DECOM": start,
            "RNE": self.code("reason_new_episode") if going_on else "S",
            "LS": place if short else self.code("legal_status"),
            "CIN": self.code("need"),
            "PLACE": code,
            "PLACE_PROVIDER": "" if without or number % 7 == 3 else self.code("placement_provider"),
            "DEC": end if ends else "",
            "REC": ("X1" if goes_on else self.code("reason_ceased")) if ends else "",
            "REASON_PLACE_CHANGE": self.code("reason_place_change") if ends and number % 5 else "",
            "HOME_POST": "" if number % 6 == 1 else "ZZ1 1AA",
            "PL_POST": "" if number % 6 == 2 else f"zz2{number % 40} 1ab",
            "URN": "" if number % 3 else "SC123456",
        }
        if row["RNE"] == "S" and going_on:
            row["RNE"] = "P"
        self.episodes.append(row)
        if not ends:
            return None
        gap = 0 if row["REC"] == "X1" else self.chance.choice([1, 1, 30, 200])
        return end + timedelta(days=gap)

    def _modules(self, name: str, born: date) -> None:
        mine = [row for row in self.episodes if row["CHILD"] == name]
        if not mine:
            return
        opened = mine[0]["DECOM"]
        for months in range(self.chance.randrange(8)):
            day = opened + timedelta(days=self.chance.choice([20, 28, 91, 183]) * (months + 1))
            if day <= LAST:
                self.add("Reviews", name, REVIEW=day, REVIEW_CODE=self.code("participation"))
        number = int(name[:-1])
        if number % 10 == 1:
            ceased = self.chance.choice(["", date(2019, 3, 31), date(2020, 3, 31)])
            self.add("UASC", name, SEX=self.code("sex"), DUC=ceased)
        if number % 11 == 2:
            placed = opened + timedelta(days=100)
            self.add("PlacedAdoption", name, DATE_PLACED=placed, DATE_PLACED_CEASED="",
                     REASON_PLACED_CEASED="")  # fmt: skip
            self.add("PlacedAdoption", name, DATE_PLACED=placed + timedelta(days=300),
                     DATE_PLACED_CEASED=placed + timedelta(days=301),
                     REASON_PLACED_CEASED=self.code("reason_placed_ceased"))  # fmt: skip
            self.add("AD1", name, DATE_INT=placed, DATE_MATCH=placed,
                     FOSTER_CARE=self.code("adopted_by_foster_carer"),
                     NB_ADOPTR=self.chance.choice("12"), SEX_ADOPTR=self.code("sex_of_adopters"),
                     LS_ADOPTR=self.code("status_of_adopters"))  # fmt: skip
        if number % 3 == 0:
            for _ in range(self.chance.randrange(4)):
                away = opened + timedelta(days=self.chance.randrange(600))
                back = self.chance.choice(["", away, away + timedelta(days=3)])
                self.add("Missing", name, MISSING=self.code("missing_type"), MIS_START=away,
                         MIS_END=back)  # fmt: skip
        if number % 8 == 5:
            self.add("PrevPerm", name, PREV_PERM=self.code("previous_permanence"), LA_PERM="",
                     DATE_PERM=self.chance.choice(UNSURE_DAYS))  # fmt: skip

    def add(self, module: str, name: str, **row) -> None:
        self.rows.setdefault(module, []).append({"CHILD": name, **row})

    def leavers(self, number: int) -> None:
        """Add care leavers who are in OC3 and in no other file."""
        for place in range(number):
            name = f"LEFT{place:04d}"
            born = [date(2000, 2, 29), date(2001, 3, 31), date(2002, 4, 1)][place % 3]
            self.births[name] = born
            self.add("OC3", name, IN_TOUCH=self.code("in_touch"), ACTIV=self.code("activity"),
                     ACCOM=self.code("accommodation"))  # fmt: skip


def _write_year(folder: Path, first: int, made: _Made, bare: bool, every: bool) -> None:
    opens, closes = date(first, 4, 1), date(first + 1, 3, 31)
    episodes = []
    for row in made.episodes:
        if row["DECOM"] > closes or (row["DEC"] and row["DEC"] < opens):
            continue
        later = row["DEC"] == "" or row["DEC"] > closes
        episodes.append(
            {**row, **({"DEC": "", "REC": "", "REASON_PLACE_CHANGE": ""} if later else {})}
        )
    present = dict.fromkeys(row["CHILD"] for row in episodes)
    left = made.rows.get("OC3", [])
    # Each year another answer: a file that repeats another year's is taken for a copy of it.
    left = [
        {**left[(place + first) % len(left)], "CHILD": row["CHILD"]}
        for place, row in enumerate(left)
    ]
    given = {"Episodes": episodes, "Header": [], "OC2": [], "OC3": left}
    dated = {"Reviews": "REVIEW", "Missing": "MIS_START", "PlacedAdoption": "DATE_PLACED"}
    for module, rows in made.rows.items():
        if module in dated:
            given[module] = [row for row in rows if opens <= row[dated[module]] <= closes]
        elif module not in given:
            given[module] = [row for row in rows if row["CHILD"] in present]
    in_any = dict.fromkeys([*present, *(row["CHILD"] for rows in given.values() for row in rows)])
    for place, name in enumerate(in_any if every else present):
        if place % 13 == 12 and not every:
            continue  # a child without a header row
        given["Header"].append({
            "CHILD": name, "SEX": made.code("sex"), "ETHNIC": made.code("ethnicity"),
            "UPN": f"UN{place % 5 + 1}", "MOTHER": ["", "0", "1"][place % 3],
            "MC_DOB": date(first, 5, 1) if place % 3 == 2 else "",
        })  # fmt: skip
    if every and "UASC" in given:
        sexes = {row["CHILD"]: row["SEX"] for row in given["Header"]}
        given["UASC"] = [{**row, "SEX": sexes[row["CHILD"]]} for row in given["UASC"]]
    for place, name in enumerate(present):
        if place % 2:
            given["OC2"].append({
                "CHILD": name, "SDQ_SCORE": [0, 13, 14, 16, 17, 40, ""][place % 7],
                "SDQ_REASON": "" if place % 7 < 6 else made.code("sdq_reason"),
                **{column: ["", "0", "1"][(place + step) % 3] for step, column in enumerate((
                    "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK",
                    "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED",
                    "INTERVENTION_OFFERED"))},
            })  # fmt: skip
    for module, rows in given.items():
        columns = [
            column for column in contracts.modules()[module].columns
            if column.required or not bare or column.statutory in KEPT
        ]  # fmt: skip
        if rows or module in ("Episodes", "Header"):
            names = [column.statutory for column in columns]
            lines = [{"DOB": made.births[row["CHILD"]], **row} for row in rows]
            kept = [{name: _text(line.get(name, "")) for name in names} for line in lines]
            year = f"{first}-{(first + 1) % 100:02d}"
            write_csv(folder / "ssda903" / year / f"{module.lower()}.csv", names, kept)


def _text(value) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _write_lists(folder: Path, made: _Made, how: str) -> None:
    children = list(made.births) or ["NOBODY"]
    for name, entry in codes.record("local_lists").items():
        if name == "population":
            continue
        names = list(entry["columns"])
        many = {"many": max(len(children), 12), "one": 1, "none": 0}[how]
        rows = [_row(entry, place, children, made.chance) for place in range(many)]
        write_csv(folder / f"{name}.csv", names, rows)


def _row(entry: dict, place: int, children: list[str], chance: random.Random) -> dict[str, str]:
    day = date(2016, 4, 1) + timedelta(days=chance.randrange(1800))
    row = {}
    for column, kind in entry["columns"].items():
        if column == "child":
            row[column] = children[place % len(children)]
        elif column == "year":
            row[column] = str(2016 + place % 5)
        elif kind == "date":
            filled = column in (*entry["key"], entry.get("dated"))
            row[column] = _text(day) if filled or place % 3 else ""
            day += timedelta(days=chance.randrange(1, 90))
        elif kind == "number":
            row[column] = str(chance.randrange(0, 5))
        elif kind == "flag":
            row[column] = ["1", "0", ""][place % 3]
        elif place % 2 and (known := entry.get("words", {}).get(column)):
            row[column] = known[place // 2 % len(known)]
        else:
            row[column] = TEXTS[place % len(TEXTS)] or ("x" if column in entry["key"] else "")
            if column in entry["key"]:
                row[column] += f" {place}"
    return row
