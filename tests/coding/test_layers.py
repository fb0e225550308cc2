"""Payer and site layers: the newest version of the most specific layer decides, one by one and in bulk alike."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coding.actions import registers, rule_sets
from coding.actions.errors import Conflict
from coding.actions.rule_sets import Refused
from coding.intake.records import ServiceLineRecord
from coding.models import Payer, PayerTerms, RuleSetVersion, Service
from coding.models.layers import ANY, GENERAL, Layer, Where
from coding.rules import layers
from coding.rules.families import Families
from coding.rules.proposed_services import proposed_services
from coding.signing.content import version_content
from tests import factories, small_rules
from tests.reviews.proposals import gated, rules

JANUARY, MAY, JUNE = date(2026, 1, 1), date(2026, 5, 4), date(2026, 6, 1)
MEDICARE, NORTH, OFFICE = Layer("kind:medicare"), Layer("payer:north"), Layer(ANY, "11")


def published(people, layer=GENERAL, since=JANUARY, **changes):
    draft = small_rules.draft(people, small_rules.table(**changes))
    RuleSetVersion.objects.filter(pk=draft.pk).update(for_payer=layer.payer, for_place=layer.place)
    return factories.publish(people, draft, since)


def payer(name, kind=None, since=JANUARY):
    row, _ = Payer.objects.get_or_create(key=name.casefold(), defaults={"name": name})
    if kind:
        PayerTerms.objects.create(payer=row, kind=kind, valid_from=since)
    return row


def service(people, version, payer="", place="22", day=MAY):
    values = {"payer": payer, "place_of_service": place, "date_of_service": day}
    return factories.service(people, version, **values)


def layer_of(service):
    return layers.in_force(factories.service_of(service)).layer


def test_rules_for_a_payer_come_before_those_for_its_kind_and_these_before_the_general(people):
    general = published(people)
    for layer in (MEDICARE, NORTH):
        published(people, layer)
    payer("North", "medicare")
    payer("South", "medicare")
    payer("East", "commercial")
    assert layer_of(service(people, general, "North")) == NORTH
    assert layer_of(service(people, general, "South")) == MEDICARE
    assert layer_of(service(people, general, "East")) == GENERAL
    assert layer_of(service(people, general)) == GENERAL


def test_the_payer_counts_before_the_place_and_the_place_among_equals(people):
    general = published(people)
    at_office = Layer(MEDICARE.payer, "11")
    for layer in (OFFICE, MEDICARE):
        published(people, layer)
    payer("South", "medicare")
    of_medicare = service(people, general, "South", "11")
    assert layer_of(of_medicare) == MEDICARE
    published(people, at_office)
    assert layer_of(of_medicare) == at_office
    assert layer_of(service(people, general, "", "11")) == OFFICE


def test_a_narrower_version_decides_from_its_day_on_however_new_the_general_one_is(people):
    general = published(people)
    published(people, MEDICARE, MAY)
    published(people, since=JUNE)
    payer("South", "medicare")
    assert layer_of(service(people, general, "South", day=date(2026, 5, 3))) == GENERAL
    assert layer_of(service(people, general, "South", day=date(2026, 7, 1))) == MEDICARE


def test_the_kind_is_that_of_the_day_and_of_the_payer_that_a_row_was_merged_into(people):
    general = published(people)
    published(people, MEDICARE)
    south = payer("South", "commercial")
    payer("South", "medicare", JUNE)
    assert layer_of(service(people, general, "South")) == GENERAL
    later = service(people, general, "S.", day=JUNE)
    assert layer_of(later) == GENERAL
    registers.merge(people["administrator"], [Payer.objects.get(key="s.")], south, "The same.")
    assert layer_of(later) == MEDICARE


def test_in_the_database_each_service_belongs_to_the_version_that_is_chosen_for_it(people):
    versions = [published(people, layer) for layer in (GENERAL, MEDICARE, NORTH, OFFICE)]
    payer("North", "medicare")
    payer("South", "medicare")
    payer("East", "commercial")
    for name in ("", "North", "South", "East", "Nobody told"):
        for place in ("11", "22"):
            service(people, versions[0], name, place)
    chosen = {
        one.pk: layers.in_force(factories.service_of(one)).pk for one in Service.objects.all()
    }
    for version in versions:
        own = Service.objects.filter(layers.decided_by(version)).values_list("pk", flat=True)
        assert set(own) == {
            service for service, decides in chosen.items() if decides == version.pk
        }, version


def test_of_all_rule_sets_a_visit_has_the_version_that_is_chosen_for_each_of_its_services(people):
    versions = [published(people, layer) for layer in (GENERAL, MEDICARE, OFFICE)]
    newest_of_all = published(people, NORTH, MAY)
    payer("North", "commercial")
    payer("South", "medicare")
    layered_alone = small_rules.draft(people, small_rules.another())
    RuleSetVersion.objects.filter(pk=layered_alone.pk).update(for_payer=NORTH.payer)
    factories.publish(people, layered_alone, JANUARY)
    for name, place in (("", "22"), ("", "11"), ("South", "11"), ("North", "11")):
        own = factories.service_of(service(people, versions[0], name, place))
        other = {layered_alone} if name == "North" else set()
        assert set(layers.all_in_force(layers.Visit.of(own.encounter))) == {
            layers.in_force(own),
            *other,
        }
    assert layers.in_force(own) == newest_of_all


def test_rules_for_a_payer_say_nothing_of_what_the_note_of_another_proposes(people):
    small_rules.published(people, rules=rules(), lexicon=gated())
    narrow = small_rules.draft(people, rules())
    RuleSetVersion.objects.filter(pk=narrow.pk).update(for_payer=NORTH.payer)
    factories.publish(people, narrow, MAY)
    payer("North", "commercial")
    for name, proposed in (("East", ["knee"]), ("North", [])):
        visit = factories.visit(people, payer=name, note="The left knee was held.")
        assert [own.rule_set.key for own in proposed_services(visit, [])] == proposed


def test_a_run_looks_at_the_services_of_its_layer_alone(people):
    general = published(people)
    payer("South", "medicare")
    for name in ("South", ""):
        coded = service(people, general, name)
        factories.decide(people["coder"], coded, {"held": "yes", "drug": "none"})
    narrow = published(people, MEDICARE)
    assert factories.planned(people, narrow).services == 1
    assert factories.planned(people, general).services == 1


def test_a_version_is_chosen_by_one_query_where_nothing_is_layered(people):
    general = published(people)
    one = service(people, general, "South")
    with CaptureQueriesContext(connection) as queries:
        layers.in_force(one)
    assert len(queries) == 1


def test_what_fits_many_visits_takes_as_many_queries_as_for_one(people):
    rows = [payer(f"P{number}", "medicare") for number in range(5)]
    counts = []
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as queries:
            found = layers.wheres([layers.Visit(row.pk, "11", MAY) for row in some])
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert found[0] == Where(frozenset({"payer:p0", "kind:medicare"}), "11")


def test_a_line_opens_the_family_whose_layer_claims_its_code(people):
    published(people, family=["27256", "27257"])
    published(people, MEDICARE, family=["27256", "27257", "27250"])
    payer("South", "medicare")
    for name, opened in (("South", 1), ("", 0)):
        visit = factories.visit(people, ServiceLineRecord("27250"), payer=name)
        assert visit.services.exclude(rule_set=None).count() == opened


def test_two_versions_of_one_layer_do_not_begin_on_one_day_and_those_of_two_do(people):
    published(people)
    published(people, MEDICARE)
    with pytest.raises(
        Conflict, match="takes effect on 2026-01-01 for payers of the kind Medicare"
    ):
        published(people, MEDICARE)


@pytest.mark.parametrize(
    ("layer", "since", "refused"),
    [
        (GENERAL, MAY, True),
        (MEDICARE, MAY, True),
        (Layer("kind:commercial"), MAY, False),
        (Layer(ANY, "22"), MAY, True),
        (Layer(MEDICARE.payer, "11"), date(2025, 1, 1), True),
    ],
)
def test_a_code_that_another_family_claims_for_the_same_services_is_named(
    people, layer, since, refused
):
    published(people, MEDICARE, key="other", name="The other")
    if not refused:
        assert published(people, layer, since).state == "published"
        return
    with pytest.raises(Refused, match="27256, 27257: the rule set Other claims it"):
        published(people, layer, since)


def test_a_code_that_another_family_claimed_before_is_free(people):
    published(people, key="other", name="Other")
    published(
        people,
        key="other",
        name="Other",
        since=MAY,
        family=["27258"],
        rules=small_rules.document()["rules"][2:],
    )
    assert published(people, since=MAY).state == "published"
    assert Families.published().claiming("27256", MAY) == small_rules.rule_set().pk


def test_a_copy_is_for_whom_its_version_is_and_the_signature_says_so(people):
    narrow = published(people, MEDICARE)
    assert rule_sets.draft_from(people["rule author"], narrow).layer == MEDICARE
    signed = version_content(narrow).sha256
    narrow.for_payer = ANY
    assert version_content(narrow).sha256 != signed
