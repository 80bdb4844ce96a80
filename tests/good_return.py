"""A small return of two years in which nothing is wrong, to be spoilt on purpose."""

from __future__ import annotations

import copy
from pathlib import Path

from builders import table, write_csv

from iro_analysis import contracts

FIRST = {
    "Episodes": """
        CHILD DECOM      RNE LS CIN PLACE PLACE_PROVIDER DEC        REC REASON_PLACE_CHANGE
        SYN01 01/06/2018 S   V2 N1  U6    PR1            10/01/2019 X1  CREQB
        SYN01 10/01/2019 P   V2 N1  U6    PR4            -          -   -
        SYN02 01/05/2018 S   C2 N1  K2    PR4            -          -   -
        SYN03 01/07/2018 S   V2 N8  U6    PR1            01/12/2018 E4A -
        SYN10 05/04/2018 S   C2 N2  U4    PR1            -          -   -
        SYN11 06/04/2018 S   C2 N1  U4    PR1            -          -   -
        SYN12 07/04/2018 S   C1 N1  U6    PR4            -          -   -
    """,
    "Header": """
        CHILD SEX DOB        ETHNIC UPN
        SYN01 1   15/06/2008 WBRI   A123456789012
        SYN02 2   20/02/2004 BCRB   A123456789013
        SYN03 2   01/03/2012 MWBC   UN2
        SYN10 1   11/11/2010 WBRI   A123456789014
        SYN11 2   12/12/2011 AIND   A123456789015
        SYN12 1   03/03/2016 WOTH   UN1
    """,
    "Reviews": """
        CHILD DOB        REVIEW     REVIEW_CODE
        SYN01 15/06/2008 28/06/2018 PN1
        SYN01 15/06/2008 20/09/2018 PN1
        SYN02 20/02/2004 28/05/2018 PN2
    """,
}
SECOND = {
    "Episodes": """
        CHILD DECOM      RNE LS CIN PLACE PLACE_PROVIDER DEC        REC REASON_PLACE_CHANGE
        SYN01 10/01/2019 P   V2 N1  U6    PR4            01/09/2019 X1  -
        SYN01 01/09/2019 P   V2 N1  T1    -              10/09/2019 X1  -
        SYN01 10/09/2019 P   V2 N1  U6    PR4            -          -   -
        SYN02 01/05/2018 S   C2 N1  K2    PR4            -          -   -
        SYN04 01/05/2019 S   C1 N1  U6    PR1            01/08/2019 X1  -
        SYN04 01/08/2019 L   C2 N1  U6    PR1            -          -   -
        SYN05 10/06/2019 S   V2 N1  U1    PR1            20/12/2019 E45 -
        SYN06 03/04/2019 S   E1 N1  A6    PR1            01/02/2020 E11 -
        SYN07 15/05/2019 S   V2 N8  K2    PR4            -          -   -
        SYN09 05/05/2019 S   V3 N2  K2    PR1            10/05/2019 E8  -
        SYN10 05/04/2018 S   C2 N2  U4    PR1            -          -   -
        SYN11 06/04/2018 S   C2 N1  U4    PR1            -          -   -
        SYN12 07/04/2018 S   C1 N1  U6    PR4            -          -   -
        SYN13 20/03/2020 S   V2 N5  U6    PR1            -          -   -
    """,
    "Header": """
        CHILD SEX DOB        ETHNIC UPN
        SYN01 1   15/06/2008 WBRI   A123456789012
        SYN02 2   20/02/2004 BCRB   A123456789013
        SYN04 1   08/08/2014 WBRI   UN2
        SYN05 2   09/09/2012 MWBC   UN2
        SYN06 1   01/10/2017 WBRI   UN1
        SYN07 1   01/02/2003 OOTH   UN2
        SYN08 2   05/05/2000 BAFR   UN3
        SYN09 1   06/06/2009 WBRI   A123456789016
        SYN10 1   11/11/2010 WBRI   A123456789014
        SYN11 2   12/12/2011 AIND   A123456789015
        SYN12 1   03/03/2016 WOTH   UN1
        SYN13 2   04/04/2013 WBRI   UN4
    """,
    "Reviews": """
        CHILD DOB        REVIEW     REVIEW_CODE
        SYN01 15/06/2008 20/03/2020 PN1
        SYN02 20/02/2004 20/05/2019 PN2
        SYN02 20/02/2004 18/11/2019 PN7
        SYN04 08/08/2014 28/05/2019 PN1
        SYN06 01/10/2017 30/04/2019 PN0
        SYN10 11/11/2010 04/06/2019 PN3
    """,
    "UASC": """
        CHILD SEX DOB        DUC
        SYN07 1   01/02/2003 -
    """,
    "OC3": """
        CHILD DOB        IN_TOUCH ACTIV ACCOM
        SYN08 05/05/2000 YES      F1    U1
    """,
    "AD1": """
        CHILD DOB        DATE_INT   DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR
        SYN06 01/10/2017 01/03/2019 20/03/2019 0           2         MF         L11
    """,
    "PlacedAdoption": """
        CHILD DOB        DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED
        SYN06 01/10/2017 03/04/2019  -                  -
    """,
    "PrevPerm": """
        CHILD DOB        PREV_PERM LA_PERM DATE_PERM
        SYN04 08/08/2014 Z1        -       -
    """,
    "Missing": """
        CHILD DOB        MISSING MIS_START  MIS_END
        SYN02 20/02/2004 M       05/07/2019 07/07/2019
        SYN02 20/02/2004 A       05/08/2019 06/08/2019
    """,
}  # fmt: skip

# Under five, from five to nine, and from ten on: each is asked something else.
OUTCOMES = {
    "IMMUNISATIONS": "1", "TEETH_CHECK": "1", "HEALTH_ASSESSMENT": "1", "SUBSTANCE_MISUSE": "0",
}  # fmt: skip
HEALTH = [
    {"CHILD": "SYN02", "DOB": "20/02/2004", **OUTCOMES, "SDQ_SCORE": "12", "CONVICTED": "0",
     "SUBSTANCE_MISUSE": "1", "INTERVENTION_RECEIVED": "0", "INTERVENTION_OFFERED": "1"},
    {"CHILD": "SYN11", "DOB": "12/12/2011", **OUTCOMES, "SDQ_REASON": "SDQ4"},
    {"CHILD": "SYN12", "DOB": "03/03/2016", **OUTCOMES, "SDQ_REASON": "SDQ1", "HEALTH_CHECK": "1"},
]  # fmt: skip


class Return(dict):
    """(year, module) -> rows; each row has every column of its module."""

    def row(self, year: str, module: str, child: str, place: int = 0) -> dict[str, str]:
        """The place-th row of a child."""
        return [row for row in self[year, module] if row["CHILD"] == child][place]

    def write(self, folder: Path) -> Path:
        for (year, module), rows in self.items():
            columns = [column.statutory for column in contracts.modules()[module].columns]
            columns += [name for name in (rows[0] if rows else {}) if name not in columns]
            write_csv(folder / "ssda903" / year / f"{module.lower()}.csv", columns, rows)
        return folder


def _rows(module: str, given: list[dict[str, str]]) -> list[dict[str, str]]:
    blank = {column.statutory: "" for column in contracts.modules()[module].columns}
    rows = [{**blank, **row} for row in given]
    for row in rows:
        if module == "Episodes":
            place = row["PLACE"] + row["PLACE_PROVIDER"]
            row.update(HOME_POST="ZZ1 1AA", PL_POST=f"ZZ2 {place}")
    return rows


def good() -> Return:
    """Return a fresh copy, to be changed at will."""
    made = Return()
    for year, modules in [("2018-19", FIRST), ("2019-20", SECOND)]:
        for module, text in modules.items():
            made[year, module] = _rows(module, table(text))
    made["2019-20", "OC2"] = _rows("OC2", HEALTH)
    return copy.deepcopy(made)
