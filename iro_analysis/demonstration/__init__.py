"""A demonstration authority: a synthetic SSDA903 return with local lists. No real child is in it.

Children are generated whole, each with a plausible journey through care (`population`, `journeys`,
`placements`, `reviewing`); for the demonstration authority, `calibration` chooses among many of
them so that the figures of one printed annual report come out when they are counted. What a child
is called and where it lives is dealt out afterwards (`details`, `places`), and `modules`,
the `local_...` modules and `writing` make the files.
Every distribution, quota and code is in the folder `data`, with its source.
"""

from .writing import write_demonstration

__all__ = ["write_demonstration"]
