"""The arithmetic of uncertainty: intervals, ratios, trends, survival. No children, no files.

The interval of a council's figure is not sampling error, since the council counts every child. It
is how far the figure could move by chance alone if nothing underlying had changed.
"""

LEVEL = 0.95
