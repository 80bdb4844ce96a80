"""Write sentences about published figures, chosen by what the figures show."""

from iro_analysis.narrative.among_authorities import funnel_finding
from iro_analysis.narrative.disproportionality import in_detail
from iro_analysis.narrative.finding import Finding
from iro_analysis.narrative.findings import finding
from iro_analysis.narrative.gcse import detectable
from iro_analysis.narrative.headline import headline
from iro_analysis.narrative.history import went
from iro_analysis.narrative.overview import data_quality, gaps, provenance

__all__ = [
    "Finding",
    "data_quality",
    "detectable",
    "finding",
    "funnel_finding",
    "gaps",
    "headline",
    "in_detail",
    "provenance",
    "went",
]
