"""List what is behind a figure: the children, reviews or other things that it counts.

The same cohorts as the indicators use, row by row; the tests hold the rows of every measure to its
figures. Nothing in here is for publication.
"""

from iro_analysis.members.register import behind

__all__ = ["behind"]
