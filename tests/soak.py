"""Kill the program at many random instants: ``python -m tests.soak [--kills N] [--seed S]``.

Half of the kills come before a random file operation, half after a random time; some come on top of
others, before the damage of the first could be cleaned up. Every trial has a number and a folder of
its own: ``--seed S --only N`` repeats one that failed, as far as time lets it.
"""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crash import Workplace

ACTIONS = ("build", "update")
FIRST_SHARE = 0.15
LONGEST_S = 0.5
"""What it takes to index so small an archive, about; on a busy machine it is never over by then."""
AGAIN_SHARE = 0.3


class Soak:
    """Trials, and what came of them.

    :ivar outcomes: kills by action, kind, and what was under way.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.folder = folder
        self.kills = 0
        self.outcomes: Counter[tuple[str, str, str]] = Counter()
        self.held: Counter[str] = Counter()
        place = Workplace(folder / "measured")
        self.instants = {("first", action): place.instants("index", action) for action in ACTIONS}
        for action in ACTIONS * 2:
            place.advance()
            self.instants["next", action] = place.instants("index", action)

    def trial(self, number: int) -> None:
        """Kill one index, or the same one several times."""
        chance = random.Random(f"{self.seed}/{number}")
        place = Workplace(self.folder / str(number))
        first = chance.random() < FIRST_SHARE
        if not first:
            place.finish("index", "build")
            place.advance()
            place.finish("index", "update")
            place.advance()
        self._kill(place, chance, "first" if first else "next")
        while chance.random() < AGAIN_SHARE:
            if not first and chance.random() < AGAIN_SHARE and place.answering == place.version:
                place.advance()
            self._kill(place, chance, "first" if place.answering is None else "next")
        place.finish("index", chance.choice(ACTIONS))

    def _kill(self, place: Workplace, chance: random.Random, stage: str) -> None:
        action = chance.choice(ACTIONS)
        if chance.random() < 0.5:
            kind = "at a file operation"
            instant = chance.randint(1, self.instants[stage, action])
            what = place.killed(str(instant), "index", action)
            event, _, subject = what.partition(" ")
            what = event and f"{event} {_part(subject)}"
        else:
            kind = "after a time"
            what = place.killed_after(chance.uniform(0, LONGEST_S), "index", action)
        before = place.answering
        place.check_after_kill()
        if what:
            self.kills += 1
            self.held["before" if place.answering == before else "after"] += 1
        self.outcomes[action, kind, what or "(it had ended)"] += 1


def _part(subject: str) -> str:
    """Return which part of an index a path belongs to."""
    path = Path(subject)
    parts = [part for part in path.parts if part not in ("index-data", "generations")]
    names = ["GENERATION" if part[:1].isdigit() and "T" in part else part for part in parts]
    segment = path.suffix in (".term", ".idx", ".pos", ".store", ".fast")
    if segment or {"passage_words", "article_words"} & set(names):
        return "words"
    return names[-1] if names and path.name != "generations" else "index"


def main() -> int:
    """Kill until there are enough; print what was hit."""
    parser = argparse.ArgumentParser(description="Kill builds and updates at random instants.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--only", type=int, metavar="N", help="repeat the trial of this number")
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    with TemporaryDirectory(prefix="newsquote-soak-") as folder:
        soak = Soak(args.seed, Path(folder))
        number = args.only or 0
        try:
            while args.only is not None or soak.kills < args.kills:
                soak.trial(number)
                number += 1
                if args.only is not None:
                    break
        except BaseException:  # an interrupt too says where it was
            print(f"trial {number} failed; repeat it: --seed {args.seed} --only {number}")
            raise
    for (action, kind, what), count in sorted(soak.outcomes.items()):
        print(f"{count:5}  {action:6}  {kind:20}  {what}")
    print(f"{soak.kills} kills in {number} trials; answered then by the version {dict(soak.held)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
