"""Coverage-guided fuzzing of the readers: an optional command, not part of the tests.

    pip install atheris        # Linux
    python fuzz/readers.py csv -max_total_time=1200
    python fuzz/readers.py xml -max_total_time=1200
    python fuzz/readers.py rows -max_total_time=1200
    python fuzz/readers.py elements -max_total_time=1200

``csv`` and ``xml`` give bytes to the reader of a file; ``rows`` and ``elements`` give a whole
return (the rows of an Episodes file; elements of a well-formed XML) and ask that every row is
accounted for. Whatever is not refused by an ``InputError`` is a fault, and becomes a test.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path
from xml.sax.saxutils import escape

import atheris

with atheris.instrument_imports(include=["iro_analysis.reading"]):
    from iro_analysis.errors import InputError
    from iro_analysis.reading import impact
    from iro_analysis.reading.account import Account
    from iro_analysis.reading.authority import read_authority
    from iro_analysis.reading.returns import read_parts

EPISODES = b"""CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,HOME_POST,PL_POST,URN
S1,01/05/2019,S,C2,N1,U6,PR1,01/09/2019,X1,ZZ1 1AA,"ZZ2
2BB",
S1,01/09/2019,P,C2,N1,K2,PR4,,,ZZ1 1AA,ZZ2 2BC,SC1
"""
XML = b"""<?xml version="1.0"?><EXPSSDA903><CHILD><HEADER><CHILDID>S1</CHILDID><SEX>1</SEX>
<DOB>01/02/2010</DOB><ETHNIC>WBRI</ETHNIC><UPN>UN1</UPN><UASC>1</UASC><IN_TOUCH>YES</IN_TOUCH>
<AREVIEW><REVIEW>01/06/2019</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW><OC2><SDQ_SCORE>3
</SDQ_SCORE></OC2></HEADER><EPISODE><DECOM>01/05/2019</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN>
<PL>U6</PL><DEC/></EPISODE></CHILD></EXPSSDA903>"""
TAGS = (
    "HEADER EPISODE OC2 AREVIEW AMISSING PERMANENCE AD_PLACED CHILDID DOB SEX DECOM DEC LS PL REC",
    "RNE REVIEW MIS_START MIS_END IN_TOUCH DUC UASC DATE_INT DATE_PLACED SW_ID SW_DECOM X CHILD",
)
FOLDER = Path(tempfile.mkdtemp(prefix="fuzz-"))


def one_file(content: bytes, name: str) -> None:
    """Read one file of a return, and hold its rows to the account."""
    place = FOLDER / "ssda903" / "2019-20"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(content)
    account = Account()
    parts = read_parts(FOLDER / "ssda903", FOLDER, account)
    for part in parts:
        assert len(part) <= len(part.origin)
    assert parts or account.unusable or account.findings.empty


def csv_file(content: bytes) -> None:
    """Bytes as a delimited file."""
    one_file(content, "a.csv")


def xml_file(content: bytes) -> None:
    """Bytes as an XML return."""
    one_file(content, "a.xml")


def rows_of_a_return(content: bytes) -> None:
    """Bytes as the rows of an Episodes file, read as a whole return."""
    whole_return(EPISODES + content, "episodes.csv")


def elements_of_a_return(content: bytes) -> None:
    """Chance as the elements of a well-formed XML return, read as a whole return."""
    chance = atheris.FuzzedDataProvider(content)
    words = [XML.decode().removesuffix("</EXPSSDA903>")]
    for _ in range(chance.ConsumeIntInRange(1, 3)):
        words.append("<CHILD>")
        closing = []
        tags = " ".join(TAGS).split()
        for _ in range(chance.ConsumeIntInRange(0, 30)):
            tag = tags[chance.ConsumeIntInRange(0, len(tags) - 1)]
            if chance.ConsumeBool():
                words.append(f"<{tag}>")
                closing.append(tag)
            elif closing and chance.ConsumeBool():
                words.append(f"</{closing.pop()}>")
            else:
                text = chance.ConsumeUnicodeNoSurrogates(12) if chance.ConsumeBool() else "S1"
                words.append(f"<{tag}>{escape(text)}</{tag}>")
        words += [f"</{tag}>" for tag in reversed(closing)]
        words.append("</CHILD>")
    whole_return(("".join(words) + "</EXPSSDA903>").encode(), "return.xml")


def whole_return(content: bytes, name: str) -> None:
    """Read a return of one file; every row must be accounted for."""
    place = FOLDER / "ssda903" / "2019-20"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(content)
    try:
        authorities = read_authority(FOLDER)
    except InputError:
        return
    for authority in authorities:
        account = authority.account
        totals = account.totals()
        assert totals["read"] == totals["used"] + totals["set_aside"]
        assert totals["set_aside"] == len(account.rows_set_aside)
        assert len(impact.findings(account)) == len(account.findings)


TARGETS = {
    "csv": (csv_file, EPISODES),
    "xml": (xml_file, XML),
    "rows": (rows_of_a_return, EPISODES.partition(b"\n")[2]),
    "elements": (elements_of_a_return, bytes(range(256)) * 4),
}


def main() -> None:
    """Run one target until it is stopped or finds something."""
    target, seed = TARGETS[sys.argv.pop(1)]
    seeds = FOLDER / "seeds"
    seeds.mkdir()
    (seeds / "good").write_bytes(seed)
    warnings.simplefilter("error")
    atheris.Setup([*sys.argv, str(seeds)], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
