"""All shipped rule sets in one installation, beside one of them alone: pages, notes a second, a re-evaluation.

``python -m bench.families`` starts a PostgreSQL of its own, stores decided services of the hip rules and measures; then
publishes the other shipped rule sets, stores as many services of them, and measures the same once more. Each goal is
what it takes now as a multiple of before: of notes in processor time, of pages and runs by the clock.
``--quick`` takes a twentieth of the services.
"""

import argparse
import csv
import os
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.processes import again_beside_servers

if TYPE_CHECKING:
    from bench.encounters import Department
    from coding.evidence import Lexicon
    from coding.models import RuleSetVersion, Service

HIP = "hip-dislocation"
SERVICES, FEW = 100_000, 5_000
PASSES = 15
RUNS = 5
MOST_TIMES = 1.5


class Measured(NamedTuple):
    """Milliseconds of pages by name, of a note, and of the parts of a run."""

    pages: dict[str, float]
    note: float
    run: float


def main() -> None:
    """Measure, add the other rule sets, measure again, tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a twentieth of the services")
    quick = parser.parse_args().quick
    if "DATABASE_URL" not in os.environ:
        again_beside_servers("bench.families")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from bench.encounters import Department
    from coding import rulesets

    call_command("migrate", verbosity=0)
    services = FEW if quick else SERVICES
    department = Department("hip", seed=1, lexicon=rulesets.shipped_lexicon(HIP))
    department.grow(services)
    open_service = entered(department)
    alone = measured(department, open_service)
    others = sorted({*rulesets.keys()} - {HIP})
    for key in others:
        add_rule_set(department, key, services // len(others))
    together = measured(department, open_service)
    tell(alone, together, services)


def entered(department: "Department") -> "Service":
    """A service to code, with the note of a worked case and a submitted line."""
    from bench.encounters import FIRST_DAY
    from coding.actions import encounters
    from coding.intake.records import EncounterRecord, ServiceLineRecord

    record = EncounterRecord(
        external_id="bench-open",
        patient_reference="bench",
        date_of_service=FIRST_DAY,
        place_of_service="23",
        provider="Dr. Falk",
        note=hip_notes()[0],
        service_lines=(ServiceLineRecord(department.version.family.split()[0]),),
    )
    return encounters.enter(department.coders[0], record).services.get()


def hip_notes() -> list[str]:
    """The notes of the worked cases of the rule set that is there first."""
    from coding import rulesets

    with rulesets.cases_file(HIP).open(newline="", encoding="utf-8") as file:
        return [row["note_text"] for row in csv.DictReader(file)]


def add_rule_set(department: "Department", key: str, services: int) -> None:
    """Publish a shipped rule set, and store so many decided services of it."""
    from bench.encounters import FIRST_DAY, load
    from coding import rulesets
    from coding.actions import rule_sets
    from coding.rules import folders

    folder, note = rulesets.path_of(key)
    content = folders.read(folder)
    version = rule_sets.bring_in(
        department.author, content.table, note, content.lexicon, content.cases
    )
    version.effective_from = FIRST_DAY
    version.save()
    rule_sets.submit(department.author, version)
    rule_sets.publish(department.approver, version)
    version.refresh_from_db()
    # Made first: while rows are copied the connection answers nothing else.
    load(list(rows(department, version, services)))


def rows(department: "Department", version: "RuleSetVersion", services: int) -> Iterator[Any]:
    """Rows of services that have the answers of the worked cases by turns."""
    from bench import samples
    from coding.decision import NOT_DOCUMENTED
    from coding.rules import profiles, rulebook, suggesting

    table = rulebook.table_of(version.document)
    base = [fact.key for fact in table.facts if not fact.derived]
    suggestions = []
    for case in samples.worked_cases(table):
        profile = profiles.intern_profile(
            version.rule_set, {key: case.get(key, NOT_DOCUMENTED) for key in base}
        )
        suggestions.append((profile.pk, suggesting.suggest(profile, version.document).pk))
    for number in range(services):
        profile, suggestion = suggestions[number % len(suggestions)]
        yield department.row(version, number, suggestion, profile)


def measured(department: "Department", open_service: "Service") -> Measured:
    """All figures of the installation as it is."""
    from bench.reevaluation import in_process

    runs = [sum(in_process(department, department.draft)) for _ in range(RUNS)]
    return Measured(pages_of(open_service), note_of(lexicons()), median(runs) * 1000)


def lexicons() -> list["Lexicon"]:
    """The lexicons in force, as the page of an encounter reads its note by them."""
    from bench.encounters import FIRST_DAY
    from coding.rules.layers import Visit, all_in_force
    from coding.rules.lexicons import lexicon_of

    versions = all_in_force(Visit(None, "23", FIRST_DAY))
    return [lexicon_of(version.lexicon) for version in versions if version.lexicon]


def note_of(read_by: list["Lexicon"]) -> float:
    """Milliseconds of the processor that a note of the hip takes, read by each lexicon."""
    from coding.evidence import read, sentences

    notes = hip_notes()

    def loop() -> None:
        for note in notes:
            split = tuple(sentences(note))
            for lexicon in read_by:
                read(lexicon, note, split)

    return timed(loop, process_time) / len(notes)


def timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """The median milliseconds of some passes, after one that is not counted."""
    work()
    times = []
    for _ in range(PASSES):
        begun = clock()
        work()
        times.append(clock() - begun)
    return median(times) * 1000


def pages_of(open_service: "Service") -> dict[str, float]:
    """Milliseconds of the pages that people open most."""
    from bench.pages import Reader

    reader = Reader()
    encounter = open_service.encounter
    code = encounter.service_lines.first().code
    addresses = {
        "worklist": ("coder", "/encounters/"),
        "worklist, to code": ("coder", "/encounters/?state=to_code"),
        "encounter": ("coder", encounter.get_absolute_url()),
        "service to code": ("coder", open_service.get_absolute_url()),
        "its note": ("coder", f"/services/{open_service.public_id}/note/"),
        "queue": ("supervisor", "/queue/"),
        "code page": ("coder", f"/codes/{code}/"),
        "no family": ("coder", "/no-family/"),
    }
    taken = {}
    for name, (role, address) in addresses.items():
        client = reader.clients[role]
        taken[name] = timed(
            lambda client=client, address=address: opened(client, address), perf_counter
        )
    return taken


def opened(client: Any, address: str) -> None:
    """Open a page, and stop where it does not come."""
    answer = client.get(address, follow=True)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}.")


def tell(alone: Measured, together: Measured, services: int) -> None:
    """What it took before and now, and a line for each goal."""
    from bench.goals import goal

    print(
        f"\n{services:,} services of {HIP} alone; then as many of the other rule sets together beside them"
    )
    print(f"  {'':24} {'alone':>9} {'together':>9}")
    for name, before in alone.pages.items():
        print(f"  {name:24} {before:6.1f} ms {together.pages[name]:6.1f} ms")
    print(f"  {'notes a second':24} {1000 / alone.note:9,.0f} {1000 / together.note:9,.0f}")
    print(f"  {'dry run to the matrix':24} {alone.run:6.0f} ms {together.run:6.0f} ms")
    for name, before in alone.pages.items():
        goal(f"{name}, times one rule set alone", together.pages[name] / before, at_most=MOST_TIMES)
    goal("a note, times one rule set alone", together.note / alone.note, at_most=MOST_TIMES)
    goal("dry run, times one rule set alone", together.run / alone.run, at_most=MOST_TIMES)


if __name__ == "__main__":
    main()
