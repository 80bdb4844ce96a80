"""Explore in a notebook: open an authority, ask for a measure, look, save, list the children.

Everything shown has passed the gate: small numbers are hidden unless the authority was opened with
``audience="internal"``, and then every answer says so.

>>> from iro_analysis.explore import open_authority
>>> demo = open_authority("data/demo")
>>> demo
<Demonstration Borough (figures of Bromley): returns of 2016-17 to 2022-23, for committee>
>>> demo.measures.looked_after
<looked_after: Children looked after; by age_band, sex, ethnicity, ethnicity_detail, ...>
>>> answer = demo.measures.looked_after("2019-20", by="sex")
>>> print(answer.finding.heading)
By sex, the largest group is Male: 194 of 328 (59%)
"""

from iro_analysis.explore.explorer import open_authority

__all__ = ["open_authority"]
