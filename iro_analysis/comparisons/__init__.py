"""Compare figures: one typed comparison each, with the verdict that sentences are chosen by.

Nobody reads a verdict out of a sentence. What is not tested is listed with both numbers and why.
"""

from iro_analysis.comparisons.compare import compare, compare_with_areas
from iro_analysis.comparisons.comparison import (
    Comparison,
    Kind,
    Verdict,
    as_table,
    select,
)
from iro_analysis.comparisons.elsewhere import AreaData

__all__ = [
    "AreaData",
    "Comparison",
    "Kind",
    "Verdict",
    "as_table",
    "compare",
    "compare_with_areas",
    "select",
]
