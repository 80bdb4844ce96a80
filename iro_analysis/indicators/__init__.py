"""Compute measures, one topic per module: care record and period in, figures out.

A measure is a function ``(record, period, breakdown) -> figures``; the catalogue names it.
"""
