"""Which services a visit's lines open: by the codes that published versions claim, and nothing else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.decision import Opening
from coding.intake.records import ServiceLineRecord
from coding.models import ServiceOrigin
from coding.rules.families import Claim, Families, ServiceDraft
from tests import factories

JANUARY, JUNE = date(2026, 1, 1), date(2026, 6, 1)
HIP, VISITS = 1, 2
FAMILIES = Families(
    {
        HIP: (Claim(JUNE, frozenset({"27256"})), Claim(JANUARY, frozenset({"27256", "27257"}))),
        VISITS: (Claim(JANUARY, frozenset({"99203", "27257"})),),
    }
)


def lines(*codes):
    return [ServiceLineRecord(code) for code in codes]


def test_a_code_is_claimed_by_the_version_in_force_on_the_day():
    assert FAMILIES.claiming("27257", JANUARY) == HIP
    assert FAMILIES.claiming("27257", JUNE) == VISITS  # the hip's newer version claims it no more
    assert FAMILIES.claiming("27256", date(2025, 12, 31)) is None


def test_the_lines_of_one_family_are_one_service_and_each_other_line_is_its_own():
    drafts = FAMILIES.services_for(lines("27256", "73525", "27257", "20610"), JANUARY)
    assert drafts == [
        ServiceDraft(HIP, ServiceOrigin.LINE, (0, 2)),
        ServiceDraft(None, ServiceOrigin.LINE, (1,)),
        ServiceDraft(None, ServiceOrigin.LINE, (3,)),
    ]


SIDED = Opening.from_document(
    {"one_service": {"sides": {"fact": "side", "values": ["left", "right"], "both": "both"}}}
)
JOINTS = Families(
    {
        HIP: (
            Claim(
                JANUARY, frozenset({"12345", "12346"}), opening=SIDED, brings=frozenset({"54321"})
            ),
        )
    }
)


@pytest.mark.parametrize(
    ("submitted", "services"),
    [
        ("12345-LT 12346-RT", [(0,), (1,)]),
        ("12346-RT 12345-LT 54321", [(0, 2), (1,)]),
        ("12345-LT 12345-RT", [(0, 1)]),
        ("12345-LT 12346-LT", [(0, 1)]),
        ("12345-LT 12346", [(0, 1)]),
        ("12345-LT 12346-LT-RT", [(0, 1)]),
        ("12345-F6 12345-F7 12346-F6", [(0, 2), (1,)]),
        ("12345-F6 12345", [(0, 1)]),
        ("12345-RT 12345-59-RT 12345-LT", [(0, 2), (1,)]),
        ("12345-RT 12345-76-RT 12345-76-RT", [(0,), (1,), (2,)]),
        ("12345-RT 12345-RT", [(0, 1)]),
        ("12345 12345-59", [(0, 1)]),
    ],
)
def test_sides_with_other_codes_digits_and_what_is_reported_once_more_are_services_of_their_own(
    submitted, services
):
    written = [line.split("-") for line in submitted.split()]
    records = [ServiceLineRecord(code, tuple(modifiers)) for code, *modifiers in written]
    assert [draft.lines for draft in JOINTS.services_for(records, JANUARY)] == services


def test_every_line_belongs_to_exactly_one_service():
    drafts = FAMILIES.services_for(lines("27256", "99203", "1", "27257"), JANUARY)
    assert sorted(place for draft in drafts for place in draft.lines) == [0, 1, 2, 3]


def test_only_this_family_opens_whatever_the_lines_are():
    assert FAMILIES.services_for([], JANUARY, only=HIP) == [
        ServiceDraft(HIP, ServiceOrigin.FAMILY, ())
    ]
    drafts = FAMILIES.services_for(lines("99203", "27256"), JANUARY, only=HIP)
    assert drafts == [
        ServiceDraft(HIP, ServiceOrigin.LINE, (1,)),
        ServiceDraft(None, ServiceOrigin.LINE, (0,)),
    ]


def test_what_the_chosen_family_codes_is_its_own_although_another_one_comes_first():
    shared = Families({family: (Claim(JANUARY, frozenset({"27257"})),) for family in (HIP, VISITS)})
    assert shared.services_for(lines("27257"), JANUARY) == [
        ServiceDraft(HIP, ServiceOrigin.LINE, (0,))
    ]
    assert shared.services_for(lines("27257"), JANUARY, only=VISITS) == [
        ServiceDraft(VISITS, ServiceOrigin.LINE, (0,))
    ]


def test_a_chosen_family_without_a_version_on_the_day_opens_with_no_line():
    drafts = FAMILIES.services_for(lines("27256"), date(2025, 1, 1), only=HIP)
    assert drafts == [
        ServiceDraft(HIP, ServiceOrigin.FAMILY, ()),
        ServiceDraft(None, ServiceOrigin.LINE, (0,)),
    ]


def test_nothing_submitted_opens_nothing():
    assert FAMILIES.services_for([], JANUARY) == []


def test_a_familys_codes_are_known_on_whatever_day(people, hip):
    published = Families.published()
    assert published.has("27256")
    assert not published.has("99999")


def test_only_published_versions_claim_and_from_their_day_on(people):
    draft = factories.draft_hip(people)
    assert Families.published().claiming("27256", JUNE) is None
    factories.publish(people, draft, JUNE)
    published = Families.published()
    assert published.claiming("27256", JUNE) == draft.rule_set_id
    assert published.claiming("27256", date(2026, 5, 31)) is None


@given(
    codes=st.lists(st.sampled_from(["27256", "27257", "99203", "20610"]), max_size=8),
    day=st.sampled_from([date(2025, 6, 1), JANUARY, JUNE]),
    only=st.sampled_from([None, HIP, VISITS, 3]),
)
def test_whatever_is_submitted_each_line_has_one_service_and_each_family_one(codes, day, only):
    drafts = FAMILIES.services_for(lines(*codes), day, only)
    assert sorted(place for draft in drafts for place in draft.lines) == list(range(len(codes)))
    families = [draft.rule_set for draft in drafts if draft.rule_set is not None]
    assert len(families) == len(set(families))
    assert only is None or families == [only]
    assert all(len(draft.lines) == 1 for draft in drafts if draft.rule_set is None)
