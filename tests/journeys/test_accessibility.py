"""Every page passes axe at WCAG 2.2 AA, narrow and wide, light and dark, and never scrolls sideways."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from coding import rulesets
from coding.actions import encounters, rule_sets, uploads
from coding.intake.records import ServiceLineRecord
from coding.models import SourceLayout
from reviews.actions import cases, query_links, replays, shadows
from reviews.actions.decisions import Judgement
from reviews.models import CaseCluster, CaseRoute, Choice, ProviderQuery, RulingKind
from tests import factories
from tests.journeys.axe import violations_of

pytestmark = pytest.mark.looks

NARROW, WIDE = 360, 1400
HEADER = b"external_id,patient_reference,date_of_service,place_of_service,provider,note\n"


LINES = (ServiceLineRecord("27257", ("LT",)), ServiceLineRecord("99203"))


def query_of(people, hip):
    """A query that waits for its provider."""
    silent = {**factories.PAVLIK, "anesthesia": ""}
    service = factories.service(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], service, silent, Judgement(Choice.ACCEPT))
    )
    factories.rule(people["supervisor"], case, RulingKind.PROVIDER_QUERY)
    return ProviderQuery.objects.get()


@pytest.fixture
def hip(people):
    """The hip rules with their lexicon, so that notes have marks."""
    return factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))


@pytest.fixture
def pages(people, hip):
    """The pages of each role, with something on them."""
    factories.fees()
    fresh = factories.service(people, hip)
    begun = factories.service(people, hip)
    factories.answer(people["coder"], begun, factories.PAVLIK)
    final = factories.encounter(people, hip)
    factories.decide(people["coder"], final, factories.PAVLIK)
    visit = encounters.enter(people["coder"], factories.record(service_lines=LINES))
    line = visit.services.get(rule_set=None)
    query = query_of(people, hip)
    disputed = factories.encounter(people, hip)
    factories.decide(people["coder"], disputed, factories.PAVLIK, factories.insists())
    case = factories.case_of(disputed)
    cases.claim(people["supervisor"], case)
    upload = factories.upload(people, HEADER + b"1,2,2026,11,Dr. X,bad\n", hip.rule_set)
    twice = factories.upload(
        people,
        HEADER + b"1,2,2026-05-05,11,Dr. X,bad\n1,2,2026-05-05,11,Dr. Y,bad\n",
        source="twice",
    )
    unnamed = uploads.receive(people["coder"], [HEADER], "csv", "")
    SourceLayout.objects.create(
        source="his", layout={"columns": {"note": "Text"}}, matched_by=people["coder"]
    )
    unmatched = factories.upload(people, b"visit,patient,when\n1,2,2026\n", hip.rule_set, "other")
    planned = factories.planned(people, hip)
    version = [hip.rule_set.key, hip.number]
    changed = rule_sets.draft_from(people["rule author"], hip)
    changed.rules.filter(rule_id="R32").update(code="27257")
    rule_sets.save(people["rule author"], changed)
    changed.refresh_from_db()
    watch = shadows.start(people["rule author"], changed)
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    replays.prove(date(2026, 5, 4))
    run = factories.finished(people, changed)
    other = factories.finished(people, hip)
    cluster = CaseCluster.objects.create(run=run, old="27256-LT", new="27257-LT", final="27256-LT")
    CaseRoute.objects.create(case=case, reason="rule_change", run=run, cluster=cluster)
    names = (
        "worklist",
        "new-encounter",
        "find-encounters",
        "my-cases",
        "uploads",
        "mappings",
        "rule-sets",
    )
    names = (*names, "account_change_password", "mfa_index", "usersessions_list")
    return {
        "coder": [
            *map(reverse, names),
            disputed.get_absolute_url(),
            reverse("code", args=[fresh.public_id]),
            reverse("reading", args=[fresh.public_id]),
            reverse("code", args=[begun.public_id]),
            reverse("code", args=[line.public_id]),
            visit.get_absolute_url(),
            reverse("add-service", args=[visit.public_id]),
            reverse("move-service", args=[line.public_id]),
            reverse("report-nothing", args=[visit.public_id]),
            reverse("correct-encounter", args=[visit.public_id]),
            reverse("void-encounter", args=[visit.public_id]),
            reverse("rebut", args=[case.public_id]),
            upload.get_absolute_url(),
            unmatched.get_absolute_url(),
            unnamed.get_absolute_url(),
            reverse("doubled-rows", args=[twice.public_id]),
            reverse("mapping", args=["his"]),
            hip.get_absolute_url(),
            *map(reverse, ("codes", "ask")),
            reverse("codes") + "?q=harness",
            reverse("code-page", args=["27256"]) + "?on=2026-05-04",
            reverse("compare-codes") + "?first=27256&second=27257&on=2026-05-04",
            reverse("family-page", args=[hip.rule_set.key]),
        ],
        "supervisor": [
            reverse("queue"),
            case.get_absolute_url(),
            reverse("return-case", args=[case.public_id]),
            reverse("hand-over", args=[case.public_id]),
            query.get_absolute_url(),
            reverse("report", args=[final.public_id]),
            reverse("runs"),
            reverse("new-run"),
            planned.get_absolute_url(),
            run.get_absolute_url(),
            reverse("run-changes", args=[run.public_id]),
            reverse("export-run", args=[run.public_id, "csv"]),
            reverse("compare-runs", args=[run.public_id]) + f"?other={other.public_id}",
            cluster.get_absolute_url(),
            "/encounters/00000000-0000-0000-0000-000000000000/",
        ],
        "auditor": [reverse(name) for name in ("trail", "replays", "duties", "operation")],
        "rule author": [
            hip.get_absolute_url(),
            *(reverse(name, args=version) for name in ("check-version", "import-rules")),
            reverse("compare-versions", args=version) + f"?other={changed.number}",
            reverse("contrast-codes", args=version) + "?first=27256&second=27257",
            reverse("shadows"),
            watch.get_absolute_url(),
        ],
    }


def faults_of(page, address):
    """What axe and the eye of a narrow screen find wrong on one page, which is loaded once and then only changed.

    Colours are the same at every width, and between light and dark nothing else differs.
    """
    page.set_viewport_size({"width": WIDE, "height": 900})
    page.goto(address)
    yield from seen_in(address, "wide", violations_of(page, colours=False))
    yield from sideways(page, address, "wide")
    # What is folded is a page's as well.
    page.evaluate(
        "document.querySelectorAll('main details').forEach((part) => { part.open = true; })"
    )
    page.set_viewport_size({"width": NARROW, "height": 900})
    yield from seen_in(address, "narrow", violations_of(page))
    yield from sideways(page, address, "narrow")
    page.emulate_media(color_scheme="dark")
    yield from seen_in(address, "dark", violations_of(page, only_colours=True))
    page.emulate_media(color_scheme="light")


def seen_in(address, view, violations):
    """Each fault with where it is seen."""
    for violation in violations:
        yield address, view, violation["id"], violation["nodes"][0]["html"][:200]


def sideways(page, address, view):
    """A page that is wider than its window."""
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield address, view, "scrolls sideways"


@pytest.mark.django_db(transaction=True)
def test_every_page_is_accessible_and_fits(pages, sign_in, settings):
    # With the fields that sign.
    settings.SIGN_AGAIN = True
    faults = []
    for role, addresses in pages.items():
        # A colour on its way from light to dark is neither.
        page = sign_in(role, reduced_motion="reduce")
        for address in addresses:
            faults += faults_of(page, address)
    assert faults == []


@pytest.mark.django_db(transaction=True)
def test_the_pages_without_an_account_are_accessible_and_fit(people, hip, browser, live_server):
    token, _ = query_links.make_link(people["supervisor"], query_of(people, hip))
    page = browser.new_page(base_url=live_server.url, reduced_motion="reduce")
    for address in ("/", f"{reverse('answer-by-link')}?t={token}", reverse("answer-by-link")):
        assert list(faults_of(page, address)) == []
    page.close()


@pytest.mark.django_db(transaction=True)
def test_a_provider_sees_all_that_is_sent_though_another_option_is_chosen_later(
    people, hip, browser, live_server
):
    token, _ = query_links.make_link(people["supervisor"], query_of(people, hip))
    page = browser.new_page(base_url=live_server.url)
    page.goto(f"{reverse('answer-by-link')}?t={token}")
    words, options = page.get_by_label("In your own words"), page.get_by_role("radio")
    expect(words).to_be_hidden()
    page.get_by_role("radio", name="Other").check()
    words.fill("A nerve block.")
    options.first.check()
    expect(words).to_be_visible()
    words.fill("")
    expect(words).to_be_hidden()
    page.close()
