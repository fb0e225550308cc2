"""Which services a visit's lines open: by the codes that published versions claim, and nothing else."""

from datetime import date

from coding.intake.records import ServiceLineRecord
from coding.models import ServiceOrigin
from coding.rules.families import Claim, Families, ServiceDraft

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


def test_every_line_belongs_to_exactly_one_service():
    drafts = FAMILIES.services_for(lines("27256", "99203", "1", "27257"), JANUARY)
    assert sorted(place for draft in drafts for place in draft.lines) == [0, 1, 2, 3]


def test_only_this_family_opens_whatever_the_lines_are():
    assert FAMILIES.services_for([], JANUARY, only=HIP) == [ServiceDraft(HIP, ServiceOrigin.FAMILY, ())]
    drafts = FAMILIES.services_for(lines("99203", "27256"), JANUARY, only=HIP)
    assert drafts == [ServiceDraft(HIP, ServiceOrigin.LINE, (1,)), ServiceDraft(None, ServiceOrigin.LINE, (0,))]


def test_nothing_submitted_opens_nothing():
    assert FAMILIES.services_for([], JANUARY) == []


def test_a_familys_codes_are_known_on_whatever_day(people, hip):
    published = Families.published()
    assert published.has("27256")
    assert not published.has("99999")
