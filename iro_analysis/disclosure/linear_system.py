"""Hold a report's counts and the sums between them, as a linear system."""

from __future__ import annotations

from dataclasses import dataclass, field

from iro_analysis.disclosure.policy import Policy

Row = dict[str, int]  # cell -> weight: the weighted sum is 0
AT = " @ "  # a cell of another period: its own name, this, and the period
CROSSING = "crossing|"  # a child of one breakdown's group and another's: in no figure


@dataclass
class LinearSystem:
    """Counts and the sums that hold between them.

    Attributes
    ----------
    values : dict
        Cell -> its true count. A cell is ``measure|breakdown|group``.
    unpublished : set of str
        Cells that no figure shows, but that follow from others (what is left of a whole).
    sums : list of (str, list of str)
        A cell, and the cells that add up to it.
    crossings : list of (str, str)
        Cells of two breakdowns that may hold the same child: each cell is the sum of its
        crossings, whose counts nobody shows.
    uses : dict
        Cell -> how many figures are made of it, and go when it is hidden.
    headlines : set of str
        Cells that are hidden only where nothing else would do.
    when : dict
        Cell -> what it speaks of, as the catalogue says of its measure.
    lasting : set of str
        Cells that no figure shows, since they are given in combined groups or not by group at all;
        another report may show them.
    children : dict
        Count of events -> how many children stand behind it.
    """

    values: dict[str, int] = field(default_factory=dict)
    unpublished: set[str] = field(default_factory=set)
    sums: list[tuple[str, list[str]]] = field(default_factory=list)
    crossings: list[tuple[str, str]] = field(default_factory=list)
    uses: dict[str, int] = field(default_factory=dict)
    headlines: set[str] = field(default_factory=set)
    when: dict[str, str] = field(default_factory=dict)
    lasting: set[str] = field(default_factory=set)
    children: dict[str, int] = field(default_factory=dict)
    _rows: tuple[tuple[int, int], list[Row]] = field(default=((-1, -1), []), init=False, repr=False)

    def is_small(self, cell: str, policy: Policy) -> bool:
        """Whether a count may not be published: itself, or the children behind it."""
        few = self.children.get(cell, 0)
        return policy.is_small(self.values[cell]) or policy.is_small(few)

    def add_sum(self, total: str, parts: list[str]) -> None:
        """Record that parts add up to a total; what they lack of it is a cell nobody shows."""
        rest = self.values[total] - sum(self.values[part] for part in parts)
        if rest:
            name = f"rest|{total}|{len(self.sums)}"
            self.values[name] = rest
            self.unpublished.add(name)
            parts = [*parts, name]
        self.sums.append((total, parts))

    def add_remainder(self, total: str, part: str) -> None:
        """Record that what is left of a total without one part follows from the two."""
        name = f"rest|{total}|{part}"
        if total == part or self.values[total] < self.values[part]:
            return
        self.values[name] = self.values[total] - self.values[part]
        self.unpublished.add(name)
        self.sums.append((total, [part, name]))

    def rows(self) -> list[Row]:
        """Return everything that adds up, each as cell -> weight: the weighted sum is 0.

        The same rows while no sum is added: each count that is tried out asks for them.
        """
        held = len(self.sums), len(self.crossings)  # sums are added and never taken away
        if self._rows[0] != held:
            self._rows = held, self._added_up()
        return self._rows[1]

    def _added_up(self) -> list[Row]:
        found = [added([(total, -1), *((part, 1) for part in parts)]) for total, parts in self.sums]
        crossed: dict[str, dict[str, int]] = {}
        for pair in self.crossings:
            for cell in pair:
                crossed.setdefault(cell, {cell: -1})[f"{CROSSING}{pair[0]}|{pair[1]}"] = 1
        return [row for row in [*found, *crossed.values()] if row]

    def renamed(self, names: dict[str, str]) -> LinearSystem:
        """Return the system with other names; cells that get the same one are one count."""

        def name(cell: str) -> str:
            return names.get(cell, cell)

        shown = {name(cell) for cell in self.values if cell not in self.unpublished}
        uses: dict[str, int] = {}
        for cell, count in self.uses.items():
            uses[name(cell)] = uses.get(name(cell), 0) + count
        return LinearSystem(
            values={name(cell): count for cell, count in self.values.items()},
            unpublished={name(c) for c in self.unpublished} - shown,
            sums=[(name(total), [name(part) for part in parts]) for total, parts in self.sums],
            crossings=[(name(one), name(other)) for one, other in self.crossings],
            uses=uses,
            headlines={name(cell) for cell in self.headlines},
            when={name(cell): when for cell, when in self.when.items()},
            lasting={name(cell) for cell in self.lasting},
            children={name(cell): count for cell, count in self.children.items()},
        )


def added(weights: list[tuple[str, int]]) -> dict[str, int]:
    """Return each cell's weight in a row in which it may stand more than once."""
    row: dict[str, int] = {}
    for cell, weight in weights:
        row[cell] = row.get(cell, 0) + weight
    return {cell: weight for cell, weight in row.items() if weight}
