"""What stood in the way of a run: how often the target was too busy, silent or gone, and how long that took.

It must not know any API; what it counts is judged by no rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from concertpitch.exchange import Exchange, Trouble


@dataclass(frozen=True)
class Troubles:
    """`counts` by kind, in a fixed order, those that never came left out; `waited` in seconds over all threads.

    `repeated` requests were sent again; `given_up` ones had no answer to judge in the end.
    """

    counts: dict[Trouble, int] = field(default_factory=dict)
    repeated: int = 0
    given_up: int = 0
    waited: float = 0.0

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} x {kind}" for kind, count in self.counts.items())
        return f"{kinds}; {self.repeated} sent again after {self.waited:.1f} s of waiting, {self.given_up} given up"


def troubles_of(exchanges: Sequence[Exchange]) -> Troubles:
    """Count the exchanges that no API answered."""
    met = Counter(one.trouble for one in exchanges if one.trouble)
    again = [one for one in exchanges if one.attempt > 1]
    troubled = sum(met.values())
    repeated_after_trouble = sum(one.waited > 0 for one in again)
    return Troubles(
        {kind: met[kind] for kind in Trouble if met[kind]},
        len(again),
        troubled - repeated_after_trouble,
        sum(one.waited for one in again),
    )
