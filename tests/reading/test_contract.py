"""What a year's return may hold, and its document."""

from __future__ import annotations

import pytest

from iro_analysis import codes, contracts
from iro_analysis.cli.command import main
from iro_analysis.reading import contract


@pytest.mark.parametrize(
    ("module", "column", "year", "holds", "not_held"),
    [
        ("Header", "SEX", 2019, "1", "M"), ("Header", "SEX", 2024, "M", "1"),
        ("OC3", "ACTIV", 2020, "F3", "F4"), ("OC3", "ACTIV", 2021, "F4", "F3"),
        ("Episodes", "REC", 2017, "E43", "E45"), ("Episodes", "REC", 2018, "E45", "E43"),
        ("Episodes", "PLACE", 2025, "Z11", "Z1"), ("Episodes", "LS", 2019, "E1", "D1"),
    ],
)  # fmt: skip
def test_a_year_accepts_its_own_codes(module, column, year, holds, not_held):
    [entry] = [c for c in contracts.modules()[module].columns if c.statutory == column]
    accepted = contract.accepted(entry, year)
    assert holds in accepted
    assert not_held not in accepted


def test_every_code_list_accepts_a_code_in_every_year():
    spec = codes.record("return")
    for module in contracts.modules().values():
        for column in module.columns:
            for year in range(spec["first_year"], spec["last_year"] + 1):
                if column.code_list and contract.is_collected(column, year):
                    assert contract.accepted(column, year), column


def test_the_document_of_the_input_is_made_from_the_contracts(project, capsys):
    assert main(["check", "--contract"]) == 0
    said = capsys.readouterr().out
    held = (project / "docs" / "input.md").read_text(encoding="utf-8")
    assert held == said, "iro check --contract > docs/input.md renews it"


def test_reading_for_a_report_does_not_load_what_it_does_not_need():
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from iro_analysis.reading.authority import "
        "read_authority; read_authority(Path('data/demo')); "
        "assert not {'openpyxl', 'xml.etree'} & set(sys.modules)"
    )
    root = contract.__file__.rsplit("iro_analysis", 1)[0]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, stdin=subprocess.DEVNULL)
