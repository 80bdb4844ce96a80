"""The contracts: what they refuse, that they agree with the reports, and their document."""

from __future__ import annotations

import pandas as pd
import pytest
from good_return import good

from iro_analysis import codes, contracts
from iro_analysis.cli.command import main
from iro_analysis.reading import contract
from iro_analysis.reading.authority import read_authority

B = "2019-20"
FAULTS = [
    ("Episodes", "SYN10", "LS", "Q9"), ("Episodes", "SYN11", "LS", ""),
    ("Episodes", "SYN12", "CIN", ""), ("Header", "SYN13", "ETHNIC", "ABCD"),
    ("Header", "SYN10", "SEX", "M"), ("Header", "SYN11", "SEX", ""),
    ("OC3", "SYN08", "ACTIV", "F4"), ("OC3", "SYN08", "IN_TOUCH", "PERHAPS"),
    ("OC2", "SYN02", "IMMUNISATIONS", "9"), ("Reviews", "SYN10", "REVIEW_CODE", ""),
    ("Episodes", "SYN13", "PLACE", "K3"),
]  # fmt: skip


def findings(folder, by_contract):
    found = [one.account.findings for one in read_authority(folder, by_contract)]
    return pd.concat(found, ignore_index=True)


def test_the_contract_finds_what_the_reports_find(tmp_path):
    made = good()
    for module, child, column, value in FAULTS:
        made.row(B, module, child)[column] = value
    place = made.write(tmp_path)
    plain = findings(place, by_contract=False)
    assert len(plain) >= len(FAULTS)
    pd.testing.assert_frame_equal(plain, findings(place, by_contract=True))


def test_the_contract_finds_what_the_reports_find_in_a_return_made_elsewhere(sample):
    pd.testing.assert_frame_equal(findings(sample, False), findings(sample, True))


def rows_of(tmp_path, module="Episodes"):
    [authority] = read_authority(good().write(tmp_path))
    return authority.tables[contracts.modules()[module].table]


@pytest.mark.parametrize(
    ("column", "value"), [("start", pd.NaT), ("child", ""), ("legal_status", "Q9"), ("end", "x")]
)
def test_a_contract_refuses_rows_that_reading_should_have_ruled_out(tmp_path, column, value):
    from pandera.errors import SchemaErrors

    rows = rows_of(tmp_path)
    terms = contract.contract("Episodes", 2019)
    assert len(terms.validate(rows, lazy=True)) == len(rows)
    broken = rows.astype({column: object}) if value == "x" else rows.copy()
    broken.loc[0, column] = value
    with pytest.raises(SchemaErrors):
        terms.validate(broken, lazy=True)


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


def test_every_module_has_a_contract_for_every_year():
    spec = codes.record("return")
    for module in contracts.modules():
        for year in range(spec["first_year"], spec["last_year"] + 1):
            assert contract.contract(module, year).columns


def test_the_document_of_the_input_is_made_from_the_contracts(project, capsys):
    assert main(["check", "--contract"]) == 0
    said = capsys.readouterr().out
    assert (project / "docs" / "input.md").read_text(encoding="utf-8") == said


def test_reading_for_a_report_does_not_load_pandera():
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from iro_analysis.reading.authority import "
        "read_authority; read_authority(Path('data/demo')); "
        "assert not {'pandera', 'openpyxl'} & set(sys.modules)"
    )
    root = contract.__file__.rsplit("iro_analysis", 1)[0]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, stdin=subprocess.DEVNULL)
