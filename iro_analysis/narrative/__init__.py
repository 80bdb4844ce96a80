"""Sentences about published figures. Each is chosen by the result, through ``wording``."""

from iro_analysis.narrative.among_authorities import told
from iro_analysis.narrative.disproportionality import in_detail
from iro_analysis.narrative.finding import Finding
from iro_analysis.narrative.findings import finding
from iro_analysis.narrative.gcse import detectable
from iro_analysis.narrative.headline import headline
from iro_analysis.narrative.history import went
from iro_analysis.narrative.overview import data_quality, gaps, provenance
from iro_analysis.narrative.summary import Summary, summary
from iro_analysis.narrative.young_people import Edition, for_young_people

__all__ = [
    "Edition",
    "Finding",
    "Summary",
    "data_quality",
    "detectable",
    "finding",
    "for_young_people",
    "gaps",
    "headline",
    "in_detail",
    "provenance",
    "summary",
    "told",
    "went",
]
