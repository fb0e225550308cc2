"""What every bench shares: medians of repeated passes, and a closing line for each goal."""

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time


def seconds(*work: Callable[[], object], passes: int) -> list[float]:
    """The median time of each piece of work, all of them run in turn, so that a busy moment meets all alike.

    Each runs once untimed before it is timed: what the one before it left in the processor's caches is not its cost.
    """
    times: list[list[float]] = [[] for _ in work]
    for _ in range(passes):
        for place, piece in enumerate(work):
            piece()
            begun = perf_counter()
            piece()
            times[place].append(perf_counter() - begun)
    return [median(taken) for taken in times]


def own_milliseconds(work: Callable[[], object], passes: int) -> float:
    """What work takes of the processor in this process: on a busy machine the rest is waiting for others."""
    begun = process_time()
    for _ in range(passes):
        work()
    return (process_time() - begun) * 1000 / passes


def goal(
    name: str,
    value: float,
    at_least: float | None = None,
    at_most: float | None = None,
    unit: str = "",
) -> None:
    """One closing line: met or short."""
    met = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    bound = f"at least {at_least:g}" if at_least is not None else f"at most {at_most:g}"
    print(f"goal {name}: {value:.4g}{unit} against {bound}{unit}, {'met' if met else 'short'}")
