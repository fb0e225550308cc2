"""Pages of both desks at the size of a large department: server time and number of queries of each.

``python -m bench.pages`` starts a PostgreSQL of its own, fills it with 1,000,000 encounters, 1,200,000 services,
200,000 cases and 3,000,000 events, and asks every page, every single filter, search and sort, and twenty combinations
that people use, each as a request without a network. ``--quick`` takes a fiftieth of it, ``--middle`` a fifth.
``--keep FOLDER`` leaves the filled database there, and asks the one that it finds there. One line a page; then a goal
line for each: its median, and whether it asked the small department as often as the large one. With ``--slow`` each
statement of more than so many milliseconds is told with its plan.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from bench.processes import again_beside_servers

PASSES = 5
MOST_MILLISECONDS = 100.0


class Visit(NamedTuple):
    """A page that somebody opens."""

    name: str
    role: str
    address: str
    sent: dict[str, str] | None = None


class Measured(NamedTuple):
    """What a page cost."""

    milliseconds: float
    queries: int


def visits() -> list[Visit]:
    """All that is opened, about rows that lie in the middle of what is stored."""
    from bench.encounters import FIRST_DAY
    from coding.models import AuditEvent, Encounter, Payer, Provider, RuleSet, Service, User
    from reviews.models import ProviderQuery, ReviewCase

    encounter = Encounter.objects.filter(source="desk", state="final").order_by("-pk")[100]
    # Rules are in force on its day.
    open_services = Service.objects.filter(state="to_code", assigned_to=None, day__gte=FIRST_DAY)
    to_code = open_services.exclude(rule_set=None).order_by("-pk")[10]
    queued = ReviewCase.objects.filter(state="queued").order_by("opened_at")[100]
    ruled = ReviewCase.objects.filter(state="acknowledged").order_by("-pk")[50]
    coder = User.objects.filter(username__endswith="-coder").order_by("pk")[1]
    line = encounter.service_lines.first()
    served = encounter.date_of_service
    common = Service.objects.filter(suggestion__outcome="code").first().suggestion.code
    event = AuditEvent.objects.order_by("-sequence")[1000]
    worklist = {
        "state=to_code": "its state",
        "state=final": "a frequent state",
        "state=void": "void",
        "whose=mine": "mine",
        "whose=unassigned": "unassigned",
        f"search={encounter.external_id[3:]}": "part of an external id",
        "search=zzzzz": "a part that nobody has",
        "search=zz": "a short part that nobody has",
        f"search={encounter.provider[4:10]}": "part of a provider",
        f"code={line.code}": "a submitted code",
        f"code={common}": "a frequent suggested and final code",
        "code=00000": "a code that nothing has",
        f"diagnosis={encounter.diagnoses.first().code}": "a diagnosis",
        f"diagnosis={encounter.diagnoses.first().code[:3]}": "diagnoses that begin so",
        f"payer={Payer.objects.order_by('pk')[5].name}": "a payer",
        "payer=payer": "every payer",
        f"provider={Provider.objects.order_by('pk')[5].name}": "a provider",
        f"coder={coder.pk}": "a coder",
        f"family={RuleSet.objects.get(key='desks').key}": "a rule set",
        "remarks=yes": "with remarks",
        "hold=on": "on hold",
        "hold=off": "not on hold",
        f"served_from={served}": "served from",
        f"served_from={served}&served_until={served}": "served on a day",
        f"received_from={encounter.received_at:%Y-%m-%d}": "received from",
        "order=external_id": "by id",
        "order=-external_id": "by id, backwards",
        "order=received_at": "by arrival",
        "order=-received_at": "by arrival, latest first",
        "order=-date_of_service": "latest service first",
        f"jump={served}": "from a day on",
        f"after={encounter.public_id}": "behind a row in the middle",
        f"before={encounter.public_id}": "before a row in the middle",
        "column=encounter&column=where&column=final&column=diagnoses": "other columns",
    }
    month = f"served_from={served - timedelta(days=30)}&served_until={served}"
    used = {
        f"state=to_code&{month}": "to code, of a month",
        "state=to_code&whose=unassigned": "free to code",
        "state=to_code&whose=mine": "mine to code",
        "state=to_code&whose=unassigned&order=received_at": "free, first come first",
        f"state=final&coder={coder.pk}&{month}": "what a coder finished in a month",
        f"code={common}&{month}": "a frequent code in a month",
        f"code={common}&state=in_review": "a frequent code in review",
        f"code={line.code}&state=final&order=-date_of_service": "a code, final, latest first",
        f"payer={Payer.objects.order_by('pk')[5].name}&state=to_code": "a payer's, to code",
        f"provider={Provider.objects.order_by('pk')[5].name}&{month}": "a provider's of a month",
        f"diagnosis={encounter.diagnoses.first().code[:3]}&state=to_code": "diagnoses, to code",
        "hold=off&state=to_code&whose=mine": "mine and not on hold",
    }
    queue = {
        "whose=free": "free",
        "whose=mine": "mine",
        "state=all": "all cases",
        "state=acknowledged": "an ended state",
        "reason=other_code": "a frequent reason",
        "reason=rules_ask_supervisor": "a reason",
        f"coder={coder.pk}": "a coder",
        "family=desks": "a rule set",
        f"code={common}": "a frequent code",
        "code=00000": "a code that nothing has",
        f"search={queued.service.encounter.external_id[3:]}": "part of an external id",
        f"provider={queued.service.encounter.provider[4:10]}": "a provider",
        f"payer={queued.service.encounter.payer[6:12]}": "a payer",
        f"served_from={queued.service.day}&served_until={queued.service.day}": "served on a day",
        f"opened_from={queued.opened_at:%Y-%m-%d}": "in the queue from",
        "level=2": "rebuttals",
        "order=served": "by date of service",
        "order=-opened_at": "latest first",
        f"after={queued.public_id}": "behind a row",
    }
    queue_used = {
        "whose=free&reason=other_code": "free of a reason",
        "whose=free&reason=rules_ask_supervisor&order=served": "free of a reason by service",
        f"coder={coder.pk}&state=all": "all of a coder",
        f"code={common}&whose=free": "free with a code",
        f"state=all&opened_from={queued.opened_at:%Y-%m-%d}&opened_until={queued.opened_at:%Y-%m-%d}": "all of a day",
    }
    trail = {
        "event=decision.made": "an event",
        f"actor={coder.last_name}": "a part of many names",
        f"actor={coder.first_name}": "a person",
        "actor=nobodyknows": "nobody",
        f"encounter={encounter.external_id}": "an encounter",
        f"from_day={event.at:%Y-%m-%d}&until_day={event.at:%Y-%m-%d}": "a day",
        "from_day=2025-03-01&until_day=2025-03-01": "a day long ago",
        f"after={event.sequence}": "behind a row",
    }
    trail_used = {
        "event=decision.made&from_day=2025-03-01&until_day=2025-03-31": "an event in a month",
        f"actor={coder.first_name}&from_day=2025-03-01&until_day=2025-03-07": "a person in a week",
        f"event=case.claimed&actor={coder.first_name}": "an event of a person",
    }
    pages = [
        Visit("worklist", "coder", "/encounters/"),
        Visit("new encounter", "coder", "/encounters/new/"),
        Visit("find: form", "coder", "/encounters/find/"),
        Visit(
            "find: patient",
            "coder",
            "/encounters/find/",
            {"patient_reference": encounter.patient_reference},
        ),
        Visit(
            "find: external id",
            "coder",
            "/encounters/find/",
            {"external_id": encounter.external_id},
        ),
        Visit("encounter", "coder", encounter.get_absolute_url()),
        Visit("encounter: report", "supervisor", f"{encounter.get_absolute_url()}report/"),
        Visit("service: note", "coder", f"/services/{to_code.public_id}/note/"),
        Visit("service: code", "coder", to_code.get_absolute_url()),
        Visit("queue", "supervisor", "/queue/"),
        Visit("case: queued", "supervisor", queued.get_absolute_url()),
        Visit("case: ruled", "supervisor", ruled.get_absolute_url()),
        Visit("my cases", "coder", "/cases/"),
        Visit("query", "supervisor", ProviderQuery.objects.order_by("pk")[10].get_absolute_url()),
        Visit("trail", "auditor", "/trail/"),
        Visit("codes", "coder", "/codes/"),
        Visit("code page", "coder", f"/codes/{common}/"),
        Visit("uploads", "coder", "/uploads/"),
        Visit("no family", "coder", "/no-family/"),
        Visit("runs", "supervisor", "/runs/"),
        Visit("rules", "supervisor", "/rules/"),
    ]
    for place, role, questions in (
        ("worklist", "coder", worklist | used),
        ("queue", "supervisor", queue | queue_used),
        ("trail", "auditor", trail | trail_used),
    ):
        address = {"worklist": "/encounters/", "queue": "/queue/", "trail": "/trail/"}[place]
        pages += [
            Visit(f"{place}: {words}", role, f"{address}?{asked}")
            for asked, words in questions.items()
        ]
    return pages


class Reader:
    """People of each role who open pages, and what each page costs."""

    def __init__(self) -> None:
        from django.contrib.auth.models import Group
        from django.test import Client

        from coding.models import User

        self.clients: dict[str, Any] = {}
        for role in ("coder", "supervisor", "auditor"):
            person = User.objects.filter(
                username=f"reader-{role}"
            ).first() or User.objects.create_user(
                f"reader-{role}", first_name="Reader", last_name=role
            )
            person.groups.add(Group.objects.get(name=role))
            self.clients[role] = Client(HTTP_HOST="localhost")
            self.clients[role].force_login(person)

    def measure(self, visit: Visit, passes: int) -> Measured:
        """The median of some openings, after one that is not counted."""
        self._open(visit)
        times = []
        for _ in range(passes):
            with counted() as queries:
                begun = perf_counter()
                self._open(visit)
                times.append((perf_counter() - begun) * 1000)
        return Measured(median(times), len(queries))

    def tell_slow(self, visit: Visit, most: float) -> None:
        """The plans of the statements of an opening that take more than ``most`` milliseconds."""
        from django.db import connection

        slow: list[tuple[float, str, Any]] = []

        def look(execute: Callable[..., Any], sql: str, parameters: Any, *rest: Any) -> Any:
            begun = perf_counter()
            answer = execute(sql, parameters, *rest)
            taken = (perf_counter() - begun) * 1000
            if taken > most and sql.startswith("SELECT"):
                slow.append((taken, sql, parameters))
            return answer

        with connection.execute_wrapper(look):
            self._open(visit)
        for taken, sql, parameters in slow:
            print(f"    {taken:.1f} ms: {sql}")
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", parameters)
                print("\n".join(f"      {line}" for (line,) in cursor.fetchall()), flush=True)

    def _open(self, visit: Visit) -> None:
        client = self.clients[visit.role]
        # What leads on to another page is measured with it.
        ask = client.get if visit.sent is None else client.post
        answer = ask(visit.address, visit.sent, follow=True)
        if answer.status_code != 200:
            raise SystemExit(f"{visit.name}: {visit.address} answers {answer.status_code}.")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent within."""
    from django.db import connection

    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, parameters: Any, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, parameters, *rest)

    with connection.execute_wrapper(note):
        yield sent


def main() -> None:
    """Fill, ask, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fiftieth of the size")
    parser.add_argument("--middle", action="store_true", help="a fifth of the size")
    parser.add_argument("--keep", default="", metavar="FOLDER", help="where the database stays")
    parser.add_argument("--only", default="", help="the pages whose name begins so")
    parser.add_argument(
        "--slow", type=float, metavar="MS", help="tell the plans of statements that take longer"
    )
    asked = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        again_beside_servers("bench.pages", asked.keep)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    small = filled(asked)
    reader, measured = Reader(), {}
    for visit in visits():
        if visit.name.startswith(asked.only):
            cost = measured[visit.name] = reader.measure(visit, PASSES)
            print(
                f"  {visit.name:55} {cost.milliseconds:7.1f} ms {cost.queries:4} queries",
                flush=True,
            )
            if asked.slow is not None:
                reader.tell_slow(visit, asked.slow)
    tell_goals(measured, small)


def filled(asked: argparse.Namespace) -> dict[str, int]:
    """Fill the database, unless one was kept that is; how many queries each page took when it held little."""
    from django.core.management import call_command

    from bench.desk_rows import FULL, MIDDLE, QUICK, TINY, begin, grow

    kept = Path(asked.keep) / "queries.json" if asked.keep else None
    call_command("migrate", verbosity=0)
    if kept and kept.exists():
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    begun = perf_counter()
    department = begin()
    grow(department, TINY if asked.quick else QUICK)
    reader = Reader()
    small = {visit.name: reader.measure(visit, 1).queries for visit in visits()}
    grow(department, QUICK if asked.quick else MIDDLE if asked.middle else FULL)
    print(f"  filled in {perf_counter() - begun:.0f} s", flush=True)
    if kept:
        kept.write_text(json.dumps(small), encoding="utf-8")
    return small


def tell_goals(measured: dict[str, Measured], small: dict[str, int]) -> None:
    """A line for each goal."""
    from bench.goals import goal

    for name, cost in measured.items():
        goal(f"{name}, median", cost.milliseconds, at_most=MOST_MILLISECONDS, unit=" ms")
    for name in measured.keys() & small.keys():
        more = measured[name].queries - small[name]
        goal(f"{name}, queries more than in a small department", more, at_most=0)


if __name__ == "__main__":
    main()
