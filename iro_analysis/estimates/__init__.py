"""Statistical estimates: intervals, ratios, trends, survival. No children, no files.

The interval of a council's figure is not sampling error, since the council counts every child. It
is how far the figure could move by chance alone if nothing underlying had changed.

Every function here is pure: the same numbers in, the same numbers out. What must not be estimated
is missing (``nan``), never 0; what cannot be (a negative count, more met than there were) is an
error. Nothing is rounded here, and nothing here decides what may be published: a small count, and
whatever was worked out from it, goes through ``disclosure`` first.
"""

LEVEL = 0.95
OUTER_LEVEL = 0.998
