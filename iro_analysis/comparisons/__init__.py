"""What the figures support: typed comparisons with a verdict each, from which sentences are chosen.

Nobody reads a verdict out of a sentence. What is not tested is listed with both numbers and why.
"""

from iro_analysis.comparisons.compare import compare, compare_with_areas
from iro_analysis.comparisons.comparison import (
    COLUMNS,
    Comparison,
    Kind,
    Verdict,
    as_table,
    select,
)
from iro_analysis.comparisons.elsewhere import AreaData

__all__ = [
    "COLUMNS",
    "AreaData",
    "Comparison",
    "Kind",
    "Verdict",
    "as_table",
    "compare",
    "compare_with_areas",
    "select",
]
