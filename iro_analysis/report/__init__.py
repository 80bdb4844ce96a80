"""The committee's report: sections made of figures, verdicts and the service's words."""

from iro_analysis.report.figures import Figures
from iro_analysis.report.page import Report
from iro_analysis.report.source import Source

__all__ = ["Figures", "Report", "Source"]
