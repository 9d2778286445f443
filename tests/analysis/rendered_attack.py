"""What somebody knows who lays tables as they are rendered side by side: for every choice, page and command line.

A quantity is a number that stands in one figure or several, under a name. What is hidden is recovered where another
table shows it, or where a linear programme over everything that is shown leaves one value only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
from disclosure_attack import FREE, Attack

from analysis.hiding.protection import is_hidden

Name = tuple[object, ...]


@dataclass
class Rendered:
    """The true numbers by name, those that some table shows and those that some table hides, and what adds up."""

    true: dict[Name, float] = field(default_factory=dict)
    shown: set[Name] = field(default_factory=set)
    hidden: set[Name] = field(default_factory=set)
    sums: list[tuple[Name, list[Name]]] = field(default_factory=list)

    def reads(self, full: pd.DataFrame, seen: pd.DataFrame, columns: dict[str, list[Name]]) -> None:
        """A table as everybody with full figures has it, and as it is rendered: names of each column's rows."""
        assert len(full) == len(seen)
        for column, names in columns.items():
            gone = is_hidden(seen, column) if column in seen else None
            for place, name in enumerate(names):
                value = float(full[column].iloc[place])
                assert self.true.setdefault(name, value) == value, f"{name} is not one number"
                if gone is None:
                    continue
                if gone.iloc[place]:
                    self.hidden.add(name)
                else:
                    assert float(seen[column].iloc[place]) == value, "what is shown is true"
                    self.shown.add(name)

    def adds_up(self, whole: Name, parts: Iterable[Name]) -> None:
        """A number is the sum of others; those that were never read are 0, or are more than anybody is told of."""
        known = [part for part in parts if part in self.true]
        if whole in self.true and sum(self.true[part] for part in known) == self.true[whole]:
            self.sums.append((whole, known))

    def small(self, threshold: int) -> list[Name]:
        """The numbers that are shown though they are small."""
        return sorted((name for name in self.shown if 0 < self.true[name] < threshold), key=str)

    def recovered(self) -> list[object]:
        """The hidden numbers that somebody can work out; that one is 0 is told everywhere else, and is no secret."""
        attack = Attack()
        unknown = {
            name: attack.unknown(name, value, 0, FREE) for name, value in self.true.items() if name not in self.shown
        }
        for whole, parts in self.sums:
            signed = {unknown[part]: 1.0 for part in parts if part in unknown}
            if whole in unknown:
                signed[unknown[whole]] = -1.0
            number = 0.0 if whole in unknown else self.true[whole]
            attack.says(signed, number - sum(self.true[part] for part in parts if part not in unknown))
        told = set(attack.recovered()) | self.shown
        return sorted((name for name in self.hidden if name in told and self.true[name]), key=str)
