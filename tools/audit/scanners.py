"""Scanners of others, each bounded in time: what was run, and what was found beyond what is accepted here."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tools.audit.headers import faults, score
from tools.audit.site import ROOT, Site

SQLMAP_SECONDS, SCHEMATHESIS_SECONDS, EXAMPLES = 100, 600, 100
WAPITI_MODULES = "cookieflags,crlf,csp,exec,file,http_headers,methods,permanentxss,redirect,sql,xss"
# So long it crawls, and so long it attacks by each of its modules; then it writes its report, some minutes more.
CRAWL_SECONDS, MODULE_SECONDS, REPORT_SECONDS = 90, 20, 180
WAPITI_SECONDS = CRAWL_SECONDS + MODULE_SECONDS * len(WAPITI_MODULES.split(","))
# Forms and lists that take something from the address, and a form that is posted.
ASKED = (
    ("coder", "encounters/?status=to_code&q=1&served_from=2026-01-01&sort=date_of_service&page=1"),
    ("supervisor", "queue/?state=open&page=1"),
    ("auditor", "trail/?event=x&from_day=2026-01-01&page=1"),
)
# Where crawling begins: the first address of all leads on to others.
STARTS = {
    "supervisor": ("queue/", "encounters/", "runs/", "shadows/"),
    "administrator": ("admin/",),
}
# Places that were looked at, with why they are right. Numbers of lines are not part of it.
ACCEPTED = {
    (
        "bandit",
        "coding/trail/guards.py",
        "B608",
    ): "names of tables and columns of our own, no value",
    ("bandit", "coding/work/bulk.py", "B608"): "names of tables and columns of our own, no value",
    (
        "bandit",
        "coding/operation/manifest.py",
        "B608",
    ): "names of tables and columns of our own, no value",
    (
        "bandit",
        "config/logs.py",
        "B703",
    ): "a mark on a text of type and place; no value gets into it",
    ("bandit", "tools/demo.py", "B310"): "the address is ours, on loopback",
}
# A sentence, the name of a test and what calls itself a password open nothing.
NO_SECRETS = (r"\s", r"tests/", r"(?i)^(pg)?password")
# Data of tests are made up: a key among them opens nothing.
MADE_UP = ("tests/",)
# Hashes of packages, what others wrote, pictures.
NO_SOURCE = re.compile(r"requirements/.*\.txt|static/vendor/|docs/screenshots/")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. ``faults`` is None where nothing was run."""

    tool: str
    version: str
    ran: str
    faults: list[str] | None
    remark: str = ""


def bandit(tools: Path) -> Row:
    """Python code for what attackers use, of medium weight and more."""
    command = [
        tools / "bandit",
        "-q",
        "-ll",
        "-f",
        "json",
        "-r",
        "config",
        "coding",
        "reviews",
        "tools",
    ]
    hits = json.loads(_output(command))["results"]
    known = [(hit["filename"], hit["test_id"]) for hit in hits]
    return _sorted_out(
        "bandit",
        _version(tools, "bandit"),
        "config, coding, reviews, tools; medium and high",
        known,
    )


def detect_secrets(tools: Path) -> Row:
    """Whatever looks as a key or a password in what is committed; hashes of packages and vendored files are none."""
    names = _output(["git", "ls-files"]).split("\n")
    scanned = [name for name in names if name and not NO_SOURCE.match(name)]
    excluded = [part for pattern in NO_SECRETS for part in ("--exclude-secrets", pattern)]
    results = json.loads(_output([tools / "detect-secrets", "scan", *excluded, *scanned]))[
        "results"
    ]
    known = [(file, hit["type"]) for file, hits in results.items() for hit in hits]
    ours = [hit for hit in known if not hit[0].startswith(MADE_UP)]
    ran = f"{len(scanned)} committed files"
    row = _sorted_out("detect-secrets", _version(tools, "detect-secrets"), ran, ours)
    return replace(
        row,
        remark=f"{len(known) - len(ours)} among made-up test data; no sentences, no word “password”",
    )


def _sorted_out(tool: str, version: str, ran: str, hits: list[tuple[str, str]]) -> Row:
    new = [f"{file}: {what}" for file, what in hits if (tool, file, what) not in ACCEPTED]
    accepted = Counter(ACCEPTED[tool, *hit] for hit in hits if (tool, *hit) in ACCEPTED)
    reasons = "; ".join(f"{count} × {why}" for why, count in accepted.items())
    return Row(tool, version, ran, new, f"accepted: {reasons}" if reasons else "")


def django_check() -> Row:
    """Django's own look at the settings as in production."""
    import django

    done = subprocess.run(
        [sys.executable, "tools/check_production.py"], cwd=ROOT, capture_output=True, check=False
    )
    wrong = [] if done.returncode == 0 else done.stderr.decode().splitlines()
    return Row(
        "check --deploy", django.get_version(), "settings as in production, warnings fail", wrong
    )


def outdated() -> Row:
    """Patches that are out for what runs, as far as an index of packages can be asked."""
    command = [Path(sys.executable).parent / "uv", "pip", "list", "--outdated", "--format", "json"]
    command += ["--python", sys.executable]
    try:
        done = subprocess.run(command, capture_output=True, timeout=120, check=True, text=True)
    except (subprocess.SubprocessError, OSError):
        return Row("uv pip list --outdated", "", "not run: no index of packages answers here", None)
    names = {
        line.partition("==")[0]
        for line in (ROOT / "requirements/postgres.txt").read_text().splitlines()
    }
    behind = [
        f"{package['name']} {package['version']} (there is {package['latest_version']})"
        for package in json.loads(done.stdout)
        if package["name"] in names and _same_line(package["version"], package["latest_version"])
    ]
    return Row(
        "uv pip list --outdated",
        "",
        "packages that run, patches of the installed minor version",
        behind,
    )


def _same_line(version: str, latest: str) -> bool:
    return version.split(".")[:2] == latest.split(".")[:2]


def observatory(site: Site) -> Row:
    """The Observatory's rules over the log-in page, a page of a patient's data and a missing one."""
    wrong, marks = [], []
    for role, path in (("", "/accounts/login/"), ("coder", "/encounters/"), ("coder", "/nowhere")):
        answer = site.ask(path, role)
        headers = {name.lower(): value for name, value in answer.headers}
        cookies = [value for name, value in answer.headers if name.lower() == "set-cookie"]
        wrong += [f"{path}: {fault}" for fault in faults(headers, cookies)]
        marks.append(score(headers, cookies))
    ran = "rules of Mozilla's HTTP Observatory over the headers of three answers, by tools/audit/headers.py"
    return Row(
        "Observatory", "rules of 2025", ran, wrong, f"G26: {min(marks)} points or more (goal: 100)"
    )


def schemathesis(tools: Path, site: Site) -> Row:
    """The one address that answers JSON, with what its description allows and with what it does not."""
    begun = len(site.answered)
    cookies = _with_form_cookie(site, "supervisor")
    command = [
        tools / "schemathesis",
        "run",
        ROOT / "tools/audit/ask.json",
        "--base-url",
        site.url,
        "--no-color",
    ]
    command += ["-H", f"Cookie: {cookies}", "-H", f"X-CSRFToken: {cookies.rpartition('=')[2]}"]
    command += [
        "-H",
        f"Referer: {site.url}",
        "--request-tls-verify",
        str(site.folder / "certificate"),
    ]
    command += ["--data-generation-method", "all", "--hypothesis-max-examples", str(EXAMPLES)]
    command += ["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"]
    command += ["--checks", "response_schema_conformance", "--request-timeout", "30000"]
    with tempfile.TemporaryDirectory() as folder:
        text = _bounded(command, SCHEMATHESIS_SECONDS, folder)
    checks = re.findall(r"^\s+(\w+)\s+(\d+ / \d+) passed\s+(PASSED|FAILED)", text, re.MULTILINE)
    wrong = [f"{name}: {passed} passed" for name, passed, state in checks if state == "FAILED"]
    # What makes its data may fail, which it tells among much else.
    errors = re.findall(r"^\s*(\w+Error: .*)$", text, re.MULTILINE)
    wrong += [] if checks else ["; ".join(["it did not come to an end", *errors[:1]])]
    ran = (
        f"/ask/answer.json as supervisor, by tools/audit/ask.json; {EXAMPLES} examples of each kind"
    )
    return _signed_in(
        _of_site("schemathesis", _version(tools, "schemathesis"), ran, site, begun, wrong),
        site,
        "supervisor",
    )


def wapiti(tools: Path, site: Site) -> Iterator[Row]:
    """Pages as a supervisor and as an administrator see them, crawled and attacked for some minutes."""
    for role in ("supervisor", "administrator"):
        begun = len(site.answered)
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            scope = "domain" if role == "supervisor" else "folder"
            first, *others = [f"{site.url}{path}" for path in STARTS[role]]
            command = [
                tools / "wapiti",
                "-u",
                first,
                "--scope",
                scope,
                "-C",
                _with_form_cookie(site, role),
            ]
            command += [part for address in others for part in ("-s", address)]
            # Forms are taken from our own pages alone, and no name is asked for outside.
            command += ["-H", f"Referer: {first}", "--dns-endpoint", "localhost"]
            command += [
                "-m",
                WAPITI_MODULES,
                "--max-scan-time",
                str(CRAWL_SECONDS),
                "--max-attack-time",
                str(MODULE_SECONDS),
            ]
            command += [
                "-d",
                "3",
                "--max-links-per-page",
                "40",
                "--max-files-per-dir",
                "15",
                "--max-parameters",
                "30",
            ]
            for path in ("accounts/", "admin/logout/", "session/"):
                command += ["-x", f"{site.url}{path}*"]
            command += [
                "--no-bugreport",
                "--flush-session",
                "--store-session",
                folder,
                "--store-config",
                folder,
            ]
            command += ["-f", "json", "-o", report, "-v", "0", "-t", "10"]
            _bounded(command, WAPITI_SECONDS + REPORT_SECONDS, folder)
            findings = json.loads(report.read_text()) if report.exists() else None
        ran = f"{site.url.replace(str(site.port), 'PORT')} as {role}; {WAPITI_MODULES}; {WAPITI_SECONDS} s at most"
        row = _of_site(
            "wapiti", _version(tools, "wapiti"), ran, site, begun, _wapiti_findings(findings)
        )
        yield _signed_in(row, site, role)


def _with_form_cookie(site: Site, role: str) -> str:
    """The cookies of a role, with the one without which no form is taken."""
    answer = site.ask(f"/{STARTS[role][0]}", role)
    form = next(value.partition(";")[0] for _, value in answer.headers if "csrftoken=" in value)
    return f"{site.cookies[role]}; {form}"


def _wapiti_findings(report: dict | None) -> list[str]:
    if report is None:
        return ["ended from outside, no report was written"]
    kinds = {**report["vulnerabilities"], **report["anomalies"]}
    hits = [(kind, hit) for kind, several in kinds.items() for hit in several]
    return sorted(
        {f"{kind}: {hit['method']} {hit['path']} {hit['parameter']}" for kind, hit in hits}
    )


def sqlmap(tools: Path, site: Site) -> Iterator[Row]:
    """Every parameter of some lists, one address after the other, each for some minutes at most."""
    for role, path in ASKED:
        begun = len(site.answered)
        with tempfile.TemporaryDirectory() as folder:
            command = [
                tools / "sqlmap",
                "-u",
                site.url + path,
                "--cookie",
                site.cookies[role],
                "--batch",
                "--level",
                "2",
            ]
            command += [
                "--risk",
                "1",
                "--technique",
                "BEUS",
                "--dbms",
                "PostgreSQL",
                "--timeout",
                "10",
                "--retries",
                "0",
            ]
            command += [
                "--drop-set-cookie",
                "--disable-coloring",
                "--output-dir",
                folder,
                "--flush-session",
            ]
            command += ["--ignore-code", "*", "--skip", "__Host-sessionid"]
            text = _bounded(command, SQLMAP_SECONDS, folder)
        wrong = [f"{path}: {name}" for name in re.findall(r"^Parameter: (.+)$", text, re.MULTILINE)]
        ended = (
            "ended by itself"
            if "all tested parameters" in text
            else f"ended after {SQLMAP_SECONDS} s"
        )
        ran = f"/{path.partition('?')[0]} as {role}, level 2, risk 1, BEUS; {ended}"
        yield _signed_in(
            _of_site("sqlmap", _version(tools, "sqlmap"), ran, site, begun, wrong), site, role
        )


def _of_site(tool: str, version: str, ran: str, site: Site, begun: int, faults: list[str]) -> Row:
    """A row about the running site, with what its server answered meanwhile: an error of the server is a finding."""
    statuses = site.answered[begun:]
    errors = sum(status.startswith("5") for status in statuses)
    wrong = [*faults, *([f"{errors} errors of the server"] if errors else [])]
    pages = sum(status == "200" for status in statuses)
    return Row(
        tool,
        version,
        ran,
        wrong,
        f"{len(statuses):,} requests, {pages:,} pages, {errors} errors of the server",
    )


def _signed_in(row: Row, site: Site, role: str) -> Row:
    """Say whether the scanner saw pages of the role to its end."""
    is_in = site.ask("/accounts/2fa/", role).status == 200
    return replace(
        row, remark=f"{row.remark}; signed in {'to the end' if is_in else 'for a part of it only'}"
    )


def _bounded(command: list, seconds: int, folder: str) -> str:
    """What a scanner prints until it ends, or is ended."""
    home = {
        **os.environ,
        "HOME": folder,
        "XDG_CONFIG_HOME": folder,
        "XDG_DATA_HOME": folder,
        "TMPDIR": folder,
    }
    process = subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=home,
        cwd=folder,
    )
    try:
        return process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        process.terminate()
        return process.communicate(timeout=30)[0]


def _version(tools: Path, package: str) -> str:
    name = {"wapiti": "wapiti3"}.get(package, package)
    command = [
        tools / "python",
        "-c",
        f"from importlib.metadata import version; print(version('{name}'))",
    ]
    return _output(command).strip()


def _output(command: list) -> str:
    return subprocess.run(
        list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, check=False, text=True
    ).stdout
