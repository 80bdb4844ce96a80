"""The table of docs/rules.md is made from the records, and the records are true."""

from __future__ import annotations

import pytest
from builders import EPISODE, read, write_return

from iro_analysis import codes, contracts
from iro_analysis.cli.command import main
from iro_analysis.reading import handling

EXAMPLES = [entry for entry in codes.record("handling")["repaired"] if "given" in entry]


def test_the_table_of_the_documents_is_the_one_the_records_give(project):
    held = (project / "docs" / "rules.md").read_text(encoding="utf-8")
    assert held == handling.as_markdown() + "\n", "iro check --rules > docs/rules.md renews it"


def test_the_command_prints_it(capsys):
    assert main(["check", "--rules"]) == 0
    assert capsys.readouterr().out == handling.as_markdown() + "\n"


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: entry["what"])
def test_what_is_said_to_be_repaired_is(tmp_path, entry):
    row = {**EPISODE, "CHILD": "SYN1", "DECOM": "01/05/2019", entry["column"]: entry["given"]}
    authority = read(write_return(tmp_path, [row]))
    columns = contracts.modules()["Episodes"].columns
    [name] = [column.name for column in columns if column.statutory == entry["column"]]
    [value] = authority.tables["episodes"][name]
    shown = str(value.date()) if hasattr(value, "date") and value == value else str(value)
    assert shown == entry["read_as"]
    found = authority.account.findings
    assert set(found["severity"]) <= {"value repaired"} or entry["column"] == "CHILD"
    assert authority.account.totals()["set_aside"] == 0


def test_every_check_stands_in_the_table_once():
    text = handling.as_markdown()
    for name, record in codes.record("checks").items():
        assert text.count(f"| {record['number']} | ") >= 1, name
    assert "{" not in text
