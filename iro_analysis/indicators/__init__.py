"""What is measured, one topic per module. Care record and period in, figures out; nothing else.

A measure is a function ``(record, period, breakdown) -> figures``; the catalogue names it.
"""
