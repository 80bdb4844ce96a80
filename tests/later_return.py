"""A return of 2022-23 to 2024-25, for what the return holds since then: invented throughout."""

from __future__ import annotations

from pathlib import Path

from builders import CHILD, EPISODE, EPISODES, HEADER, write_csv

from iro_analysis import codes

YEARS = {"2022-23": 2022, "2023-24": 2023, "2024-25": 2024}
WORKERS = ["SW1", "SW2", "SW1", "SW3", "SW4"]


def write(folder: Path, children: int = 24, leavers: int = 60) -> Path:
    """Write the return: each child with up to five social workers, of which one comes back.

    Parameters
    ----------
    folder : Path
    children : int
        Children looked after; every fifth has left by the end of the second year.
    leavers : int
        Care leavers, born so that they reach 16 to 27 in a year.
    """
    for year, first in YEARS.items():
        place, sex = folder / "ssda903" / year, "2" if first < 2024 else "F"
        episodes, headers, workers = [], [], []
        for number in range(children):
            name = f"C{number:03d}"
            left = "31/12/2023" if number % 5 == 0 else ""
            if left and first == 2024:
                continue
            row = {"CHILD": name, "DECOM": f"{1 + number % 28:02d}/06/2021"}
            if left and first == 2023:
                row |= {"DEC": left, "REC": "E4A"}
            episodes.append({**EPISODE, **row})
            headers.append({**CHILD, "CHILD": name, "SEX": sex})
            if first < 2023 or number % 7 == 6:
                continue
            for turn, worker in enumerate(WORKERS[: number % 6]):
                month = 4 + 2 * turn if turn < 4 else 2
                begun = f"01/{month:02d}/{first if month > 3 else first + 1}"
                ended = f"30/{month:02d}/{first}" if month > 3 else ""
                workers.append({
                    "CHILD": name, "DOB": CHILD["DOB"], "SW_ID": worker, "SW_DECOM": begun,
                    "SW_DEC": ended, "SW_REASON": "OTHERS" if ended else "",
                })  # fmt: skip
        known = {name: sorted(codes.CodeList(name).known())
                 for name in ("in_touch", "activity", "accommodation")}  # fmt: skip
        older = [
            {
                "CHILD": f"LEFT{first}{number:03d}",
                "DOB": f"{1 + number % 28:02d}/{1 + number % 12:02d}/{first - 16 - number % 12}",
                "IN_TOUCH": "YES" if number % 2 else known["in_touch"][number % 6],
                "ACTIV": known["activity"][number % len(known["activity"])],
                "ACCOM": known["accommodation"][number % len(known["accommodation"])],
            }
            for number in range(leavers)
        ]
        write_csv(place / "episodes.csv", EPISODES, episodes)
        write_csv(place / "header.csv", HEADER, headers)
        write_csv(place / "oc3.csv", list(older[0]), older)
        if workers:
            write_csv(place / "swepisodes.csv", list(workers[0]), workers)
    return folder
