"""Sentences about published figures. Each is chosen by the result, through ``wording``."""

from iro_analysis.narrative.findings import Finding, detectable, finding
from iro_analysis.narrative.overview import data_quality, provenance, summary

__all__ = ["Finding", "data_quality", "detectable", "finding", "provenance", "summary"]
