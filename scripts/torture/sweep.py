"""What kill and error sweeps share: the states a command may leave, and what must hold after every run."""

from itertools import combinations

from world import Finding, difference


class Stage:
    """One scenario, prepared: `before`, `after`, and the states between its files."""

    def __init__(self, world, scenario, spares=False):
        """`spares`: an error of one file may leave that file, and no other, for the next run. Files are read side by side
        and strace counts by thread, so that one fault may meet several of them.
        """
        self.world = world
        self.scenario = scenario
        world.do(scenario.given)
        world.keep("before")
        self.states = [world.state()]
        for step in scenario.partial:
            world.back_to("before")
            world.do([step])
            self.states.append(world.state())
        for places in subsets(scenario.spared) if spares else ():
            world.back_to("before")
            world.do([("move", "store/inbox/" + place, f"spared-{index}") for index, place in enumerate(places)])
            world.do([scenario.act])
            self.states.append(world.state())
        world.back_to("before")
        done = world.run(scenario.act)
        if done.returncode not in scenario.exits:
            raise Finding(f"{scenario.name} itself: exit {done.returncode}: {done.stderr.decode()}")
        world.verify()
        self.states.append(world.state())
        self.tree = world.tree()
        self.after = self.states[-1]
        self.proved = {}

    def reset(self):
        self.world.back_to("before")

    def check_now(self, at_least=0):
        """Sound, and before, after, or between two files. Returns which."""
        found = self.world.state()
        if found != {"store": "none"}:
            self.world.verify()
        for index in reversed(range(len(self.states))):
            if found == self.states[index]:
                if index < at_least:
                    raise Finding(f"what had been reported is gone: state {index}, reported {at_least}")
                return index
        raise Finding("neither before nor after; against before:\n    " + difference(found, self.states[0])
                      + "\n  against after:\n    " + difference(found, self.after))

    def prove(self):
        """`check_now` and `check_healed`; returns the state. The same bytes are not asked twice: most faults change none."""
        left = self.world.digest()
        if left not in self.proved:
            index = self.check_now()
            self.check_healed()
            self.proved[left] = index
        return self.proved[left]

    def check_healed(self, is_first_receipt_sure=True):
        """The same command again reaches exactly the state after.

        The first of two receipts is not synced into its folder: when power fails it may be gone though the second is there.
        """
        done = self.world.run(self.scenario.act)
        if done.returncode not in self.scenario.exits + self.scenario.again:
            raise Finding(f"the next run: exit {done.returncode}: {done.stderr.decode().strip()}")
        self.world.verify()
        found = self.world.state()
        if found != self.after:
            raise Finding("the next run does not reach the state after:\n    " + difference(found, self.after))
        tree = self.world.tree()
        if not is_first_receipt_sure:
            tree |= {place for place in self.tree if place.endswith(".received.json")}
        if tree != self.tree:
            raise Finding(f"files differ after the next run: more {sorted(tree - self.tree)[:5]}, "
                          f"fewer {sorted(self.tree - tree)[:5]}")


def subsets(places):
    """Every choice of one or more."""
    return [some for count in range(1, len(places) + 1) for some in combinations(places, count)]


class Report:
    """Counts, and findings as they come."""

    def __init__(self, title):
        self.title = title
        self.counts = {}
        self.findings = 0

    def count(self, what, number=1):
        self.counts[what] = self.counts.get(what, 0) + number

    def finding(self, where, error):
        self.findings += 1
        if self.findings <= 40:
            print(f"FINDING {self.title} {where}: {error}", flush=True)

    def close(self):
        said = ", ".join(f"{number} {what}" for what, number in self.counts.items())
        print(f"{self.title}: {said}, {self.findings} findings", flush=True)
        return self.findings
