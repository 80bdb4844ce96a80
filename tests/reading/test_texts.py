"""A column of text held as its distinct texts, and tables whose texts are categories."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from iro_analysis.reading import texts
from iro_analysis.reading.texts import Texts

COLUMN = ["b", "", "B", "b", "a"]


def test_a_column_is_its_distinct_texts_and_a_place_for_each_row():
    column = Texts.of(COLUMN)
    assert (column.places.tolist(), column.distinct) == ([0, 1, 2, 0, 3], ["b", "", "B", "a"])
    assert column.array().tolist() == COLUMN
    assert column.blank.tolist() == [False, True, False, False, False]


@pytest.mark.parametrize("values", [["", np.nan, "a"], [np.nan, "a", np.nan]])
def test_what_is_missing_is_blank(values):
    column = Texts.of(values)
    assert column.array().tolist() == ["" if value is np.nan else value for value in values]
    assert len(column.distinct) == len(set(column.distinct))


def test_texts_that_become_one_are_one():
    column = Texts.of(COLUMN)
    upper = column.changed(str.upper)
    assert upper.distinct == ["B", "", "A"]
    assert upper.array().tolist() == [text.upper() for text in COLUMN]
    assert column.differs(upper).tolist() == [True, False, False, True, True]
    assert upper.without({"B"}).array().tolist() == ["", "", "", "", "A"]


def test_some_rows_hold_only_their_own_texts():
    some = Texts.of(COLUMN).of_rows(np.array([False, True, False, False, True]))
    assert (some.array().tolist(), some.distinct) == (["", "a"], ["", "a"])


def test_columns_of_one_name_have_the_same_sorted_categories():
    one, other = texts.as_categories(
        [{"child": Texts.of(["c", "a"])}, {"child": Texts.of(["b"]), "line": np.array([2])}]
    )
    assert one["child"].cat.categories.tolist() == ["", "a", "b", "c"]
    assert one["child"].dtype == other["child"].dtype
    assert one.sort_values("child")["child"].tolist() == ["a", "c"]
    assert texts.written_out(other).dtypes["child"] == "str"
    assert texts.held(one["child"]) == ["c", "a"]


def test_what_is_known_of_a_text_is_looked_up_and_never_by_chance():
    [rows] = texts.as_categories([{"child": Texts.of(["a", "b", "a", "c"])}])
    child, days = rows["child"], pd.Series(pd.to_datetime(["2010-01-02", "2011-03-04"]))
    found = texts.looked_up(child, child[[3, 0]], days)
    assert found.tolist() == [days[1], pd.NaT, days[1], days[0]]
    with pytest.raises(ValueError, match="twice"):
        texts.looked_up(child, child[[0, 2]], days)


def test_a_text_and_a_day_are_one_number_of_their_own():
    [rows] = texts.as_categories([{"child": Texts.of(["a", "a", "b", "b", "a"])}])
    days = pd.Series(pd.to_datetime(["1901-01-01", "2019-04-01", "1901-01-01", "2019-04-01",
                                     "2019-04-01"]))  # fmt: skip
    found = texts.with_day(rows["child"], days)
    assert found.nunique() == 4
    assert found[1] == found[4]
