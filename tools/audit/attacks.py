"""Attacks of our own on a running copy, each with its goal: uploads, log-ins, odd texts, a canary, hostile files."""

import random
import re
import socket
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode

from tools.audit.site import HOST, Site

MEGABYTE = 1_000_000
FORM = "multipart/form-data; boundary=b"
LOG_INS = 1_000
TEXT_SECONDS = 300
# Own texts in the manner of the Big List of Naughty Strings.
MARK = "c4n4ry"
TEXTS = (
    *(
        "",
        "\0",
        "\N{REPLACEMENT CHARACTER}",
        "%",
        "%%%s%n",
        "undefined",
        "NaN",
        "-1",
        "1e999",
        "9" * 400,
        "0x7fffffff",
    ),
    *(
        "true",
        "[]",
        "{}",
        "../../etc/passwd",
        f"null\r\nX-Seen: {MARK}",
        "' OR 1=1 --",
        '"); DROP TABLE x; --',
    ),
    *(
        "$(reboot)",
        "`id`",
        "{{7*7}}",
        "${7*7}",
        f"<script>{MARK}</script>",
        f'"><svg/onload={MARK}>',
    ),
    *(
        f"javascript:{MARK}",
        "＜script＞",
        "ﷺ" * 50,
        "Ω≈ç√∫",
        "👩\u200d👩\u200d👧",
        "\u202etest\u202c",
        "Z\u0338\u0360a\u0335",
    ),
    *(
        "İstanbul",
        "ﬀ",
        "٣٤٥",
        "1;2",
        "2026-02-30",
        "0000-00-00",
        "24:61",
        "+ Ortolani",
        "=1+1",
        "a" * 5_000,
        "\t\n\v",
    ),
)
REFLECTED = re.compile(rf"<script>{MARK}|<svg/onload={MARK}")


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure beside its bound."""

    name: str
    test: str
    figure: str
    bound: str
    met: bool


def uploads(site: Site) -> Iterator[Goal]:
    """G16: too large, cut in the middle, slow."""
    begun = time.monotonic()
    status, taken = _announce(site, 1_000_000_000)
    seconds = time.monotonic() - begun
    figure = f"{status}, {taken / MEGABYTE:.1f} MB taken, {seconds:.2f} s"
    yield Goal(
        "G16",
        "an upload that announces 1 GB",
        figure,
        "413, limit + 3 MB",
        status == 413 and taken <= 3 * MEGABYTE,
    )
    with closing(_begin(site, 60 * MEGABYTE)) as cut:
        cut.sendall(b"x" * 30 * MEGABYTE)
        time.sleep(1)
        during = len(_kept(site))
    left = _settled(site)
    yield Goal(
        "G16",
        "an upload cut after 30 of 60 MB",
        f"{during} files during, {left} left",
        "0 left",
        left == 0,
    )
    with closing(_begin(site, MEGABYTE)) as slow:
        waits = []
        for _ in range(10):
            slow.sendall(b"x")
            begun = time.monotonic()
            site.ask("/encounters/", "coder")
            waits.append(time.monotonic() - begun)
            time.sleep(1)
    left = _settled(site)
    figure = f"slowest page meanwhile {max(waits):.2f} s, {left} files left"
    yield Goal(
        "G16",
        "one upload of a byte a second; many of them need the proxy",
        figure,
        "0 left",
        left == 0,
    )


def _begin(site: Site, size: int) -> socket.socket:
    """A connection on which a file of this size is announced and begun, by a coder."""
    page = site.ask("/uploads/", "coder")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    cookie = next(value.partition(";")[0] for _, value in page.headers if "csrftoken=" in value)
    start = f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    start += '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    lines = [
        "POST /uploads/ HTTP/1.1",
        f"Host: {HOST}:{site.port}",
        f"Cookie: {site.cookies['coder']}; {cookie}",
    ]
    lines += [f"Referer: {site.url}", f"Content-Type: {FORM}", f"Content-Length: {size}", "", start]
    connection = site.tls.wrap_socket(
        socket.create_connection((HOST, site.port), timeout=30), server_hostname=HOST
    )
    connection.sendall("\r\n".join(lines).encode())
    return connection


def _announce(site: Site, size: int) -> tuple[int, int]:
    """The status of the answer, and how much was taken before it."""
    taken = 0
    with closing(_begin(site, size)) as connection:
        connection.settimeout(0.2)
        for _ in range(100):
            try:
                answer = connection.recv(100)
                return int(answer.split()[1]), taken
            except TimeoutError:
                connection.sendall(b"x" * 100_000)
                taken += 100_000
    return 0, taken


def _kept(site: Site) -> list[str]:
    return [path.name for path in site.temporary.iterdir() if ".upload" in path.name]


def _settled(site: Site) -> int:
    for _ in range(100):
        if not _kept(site):
            break
        time.sleep(0.1)
    return len(_kept(site))


def log_ins(site: Site) -> Iterator[Goal]:
    """G28: a thousand wrong passwords for one account from one client, then the right one from it and from others."""
    import os

    from coding.models import User

    name = User.objects.filter(groups__name="coder").order_by("-pk")[0].username
    right = os.environ["DEMO_PASSWORD"]
    begun = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        statuses = list(
            pool.map(
                lambda number: _sign_in(site, name, f"wrong {number}", "127.0.0.2"), range(LOG_INS)
            )
        )
    seconds = time.monotonic() - begun
    refused = sum(status == 429 for status, _ in statuses)
    guessed = _sign_in(site, name, right, "127.0.0.2")[1]
    own = _sign_in(site, name, right, "127.0.0.3")[1]
    figure = (
        f"{LOG_INS:,} in {seconds:.0f} s, {refused} of them 429; the right password after them "
    )
    yield Goal(
        "G28",
        "guesses from one client",
        figure + ("in" if guessed else "refused"),
        "no success",
        not guessed,
    )
    yield Goal(
        "G28", "the owner from another client", "in at once" if own else "locked out", "in", own
    )
    other = User.objects.filter(groups__name="supervisor").order_by("-pk")[0].username
    near = _sign_in(site, other, right, "127.0.0.4")[1]
    yield Goal(
        "G28",
        "another account from a third client",
        "in at once" if near else "locked out",
        "in",
        near,
    )


def _sign_in(site: Site, name: str, password: str, client: str) -> tuple[int, bool]:
    """The status, and whether the password was taken; a second factor may be asked then."""
    page = site.ask("/accounts/login/", client=client)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    cookie = next(
        value.partition(";")[0] for header, value in page.headers if header.lower() == "set-cookie"
    )
    body = urlencode({"login": name, "password": password, "csrfmiddlewaretoken": token})
    answer = site.ask("/accounts/login/", body=body, headers={"Cookie": cookie}, client=client)
    return answer.status, answer.status == 302


def texts(site: Site) -> Iterator[Goal]:
    """G18: own odd texts in every parameter that a page's forms and links show, one after the other."""
    places = {place[1:]: place for role in site.cookies for place in _parameters(site, role)}
    asks = [(*place, text) for place in places.values() for text in TEXTS]
    # What there is no time for is left out by chance, and not counted.
    random.Random(18).shuffle(asks)
    asked, answers = [], []
    end = time.monotonic() + TEXT_SECONDS
    with ThreadPoolExecutor(4) as pool:
        while asks and time.monotonic() < end:
            some, asks = asks[:40], asks[40:]
            asked += some
            answers += pool.map(
                lambda ask: site.ask(f"{ask[1]}?{urlencode({ask[2]: ask[3]})}", ask[0]), some
            )
    errors = {asked[at][1:3] for at, answer in enumerate(answers) if answer.status >= 500}
    raw = [asked[at][1:3] for at, answer in enumerate(answers) if REFLECTED.search(answer.text)]
    split = sum(any(name.lower() == "x-seen" for name, _ in answer.headers) for answer in answers)
    names = f": {sorted(errors)}" if errors else ""
    figure = f"{len(asked):,} requests of {len(places) * len(TEXTS):,}, {len(places)} parameters: "
    figure += (
        f"{len(errors)} with errors of the server{names}, {len(raw)} reflected, {split} headers"
    )
    test = f"{len(TEXTS)} odd texts in every parameter of a list"
    yield Goal("G18", test, figure, "0, 0, 0", not (errors or raw or split))


def _parameters(site: Site, role: str) -> Iterator[tuple[str, str, str]]:
    """What the lists of a role take from an address: the fields of their forms and the parameters of their links."""
    from django.urls import get_resolver

    plain = [pattern for pattern in get_resolver().reverse_dict if isinstance(pattern, str)]
    addresses = {f"/{get_resolver().reverse_dict.getlist(name)[0][0][0][0]}" for name in plain}
    addresses |= set(re.findall(r'href="(/admin/\w+/\w+/)"', site.ask("/admin/", role).text))
    for path in sorted(path for path in addresses if "%(" not in path and "logout" not in path):
        page = site.ask(path, role)
        if page.status != 200:
            continue
        forms = re.findall(
            r'<form[^>]*method="get".*?</form>', page.text, re.DOTALL | re.IGNORECASE
        )
        names = {name for form in forms for name in re.findall(r'name="([\w.]+)"', form)}
        names |= set(re.findall(r'href="\?(?:[^"]*?&amp;)?([\w.]+)=', page.text))
        yield from ((role, path, name) for name in sorted(names | {"page"}))


def canary(site: Site) -> Iterator[Goal]:
    """G21: an encounter whose every text bears a mark is taken in, opened and refused; no sink holds the mark."""
    from coding.actions import uploads as verbs
    from coding.models import Upload, User

    mark = "CANARY7719"
    coder = User.objects.filter(groups__name="coder").order_by("pk")[0]
    names = "external_id,patient_reference,date_of_service,place_of_service,provider,payer,note"
    places = ["9x" if number % 7 == 0 else "11" for number in range(200)]
    rows = [
        f"{mark}-{number},{mark}P{number},2026-05-31,{place},{mark}D,{mark}H,{mark} left"
        for number, place in enumerate(places)
    ]
    upload = verbs.receive(coder, ["\n".join([names, *rows]).encode()], "csv", "canary", None)
    done = _until(lambda: Upload.objects.filter(pk=upload.pk, check_job__state="done").exists())
    verbs.start_import(coder, Upload.objects.get(pk=upload.pk))
    from coding.models import Encounter

    done = done and _until(
        lambda: Encounter.objects.filter(external_id__startswith=mark).count() > 150
    )
    for page in Encounter.objects.filter(external_id__startswith=mark)[:20]:
        site.ask(page.get_absolute_url(), "coder")
        site.ask(f"/encounters/{mark}/", "coder")
    site.ask("/encounters/find/", "coder", body=urlencode({"patient_reference": f"{mark}P1"}))
    sinks = {
        path.name: path.read_bytes()
        for path in [*site.folder.iterdir(), site.database_log]
        if path.is_file()
    }
    sinks["Redis"] = _redis_holds()
    hits = {name for name, content in sinks.items() if mark.encode() in content}
    figure = f"{len(rows)} rows, {len(sinks)} sinks, hits {sorted(hits) or 0}{'' if done else '; import not seen'}"
    yield Goal(
        "G21", "a canary in notes, ids, names and addresses", figure, "0 hits", not hits and done
    )


def _redis_holds() -> bytes:
    import os

    import redis

    held = []
    for url in (os.environ["REDIS_URL"], os.environ["CACHE_URL"]):
        server = redis.from_url(url)
        held += [key + (server.dump(key) or b"") for key in server.scan_iter()]
    return b"".join(held)


def _until(holds) -> bool:  # noqa: ANN001
    for _ in range(600):
        if holds():
            return True
        time.sleep(0.2)
    return False


def all_of(site: Site) -> Iterable[Goal]:
    """In this order: the last ones are the loudest."""
    for attack in (uploads, canary, texts, log_ins):
        yield from attack(site)
