"""Draw published figures as charts: inline SVG with real text and a description in words.

Colours are the Government Analysis Function's; never colour alone; hidden values are shown as such;
the table behind each chart is one click away.
"""

from iro_analysis.charts.bars import bars
from iro_analysis.charts.control import control
from iro_analysis.charts.frame import DARK, GREY, ORANGE, PLUM, TEAL, Chart
from iro_analysis.charts.funnel import funnel
from iro_analysis.charts.intervals import intervals, ratios
from iro_analysis.charts.lines import line, trend
from iro_analysis.charts.quarters import ahead, quarters

__all__ = [
    "DARK",
    "GREY",
    "ORANGE",
    "PLUM",
    "TEAL",
    "Chart",
    "ahead",
    "bars",
    "control",
    "funnel",
    "intervals",
    "line",
    "quarters",
    "ratios",
    "trend",
]
