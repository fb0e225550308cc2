"""A stored encounter is never another patient's: neither another reference's, nor that of another authority."""

from datetime import date

import pytest

from coding.actions import uploads
from coding.importing import dry_run
from coding.intake.formats import detect
from coding.intake.whose import name_sum
from coding.models import Encounter, Patient, Upload
from coding.registers.history import others_of_patient
from tests import factories, incoming
from tests.intake import samples

OTHER = (b"^^^EXAMPLE^MR", b"^^^OTHERHOSP^MR")
NOBODY = (b"^^^EXAMPLE^MR", b"")


@pytest.fixture(autouse=True)
def _codes(db):
    factories.icd10cm("Q65.02", "Q65.01", valid_from=date(2025, 10, 1))


@pytest.fixture
def check(people):
    def act(content):
        upload = uploads.receive(people["coder"], [content], detect(content), "his")
        incoming.work()
        return incoming.now(upload)

    return act


@pytest.fixture
def take_in(people, check):
    def act(content):
        upload = check(content)
        uploads.start_import(people["coder"], upload)
        incoming.work()
        return Upload.objects.get(pk=upload.pk)

    return act


def charge(*changes, day=b"20251220"):
    content = samples.dft("V1").replace(b"20251220", day)
    for before, after in changes:
        content = content.replace(before, after)
    return content


def note(*changes):
    content = samples.mdm("V1", "Recheck.")
    for before, after in changes:
        content = content.replace(before, after)
    return content


def test_a_number_of_another_authority_does_not_correct_what_is_stored(take_in):
    take_in(charge())
    stranger = take_in(charge(OTHER, day=b"20200101"))
    assert incoming.states(stranger) == ["rejected"]
    assert "another patient's (P-V1 of EXAMPLE)" in incoming.problems(stranger)[0]
    assert Encounter.objects.get().birth_date == date(2025, 12, 20)


def test_a_note_of_another_authority_is_not_put_behind_what_is_stored(take_in):
    take_in(charge())
    assert incoming.states(take_in(note(OTHER))) == ["rejected"]
    assert Encounter.objects.get().note == ""


def test_a_note_whose_number_nobody_is_said_to_have_given_is_joined(take_in):
    take_in(charge())
    assert incoming.states(take_in(note(NOBODY))) == ["corrected"]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ([(b"20251220", b"20200101")], "corrected"),
        ([(b"||20251220|F", b"||20251220|M")], "corrected"),
        ([(b"||20251220|F", b"||20200101|M")], "rejected"),
    ],
)
def test_one_number_with_another_birth_date_and_another_sex_is_another_patients(
    take_in, changes, state
):
    take_in(charge())
    again = take_in(charge(*changes))
    assert incoming.states(again) == [state]
    if state == "rejected":
        assert "P-V1 of EXAMPLE, born 2025-12-20, sex F" in incoming.problems(again)[0]


# A visit number is its authority's.


def of_visit(content, authority):
    """Messages whose visit number (PV1-19) an authority gave."""
    return content.replace(b"|V1\r", b"|V1^^^%s\r" % authority)


@pytest.mark.parametrize("again", [charge, note])
def test_a_visit_of_another_authority_is_not_joined_to_what_is_stored(take_in, again):
    take_in(of_visit(charge(), b"NORTH"))
    stranger = take_in(of_visit(again((b"Q65.02", b"Q65.01")), b"SOUTH"))
    assert incoming.states(stranger) == ["rejected"]
    assert (
        "another visit's here: NORTH gave it, and SOUTH this one" in incoming.problems(stranger)[0]
    )
    encounter = Encounter.objects.get()
    assert (encounter.note, encounter.revision) == ("", 1)


@pytest.mark.parametrize(("before", "after"), [(b"", b"NORTH"), (b"NORTH", b"")])
def test_a_visit_of_which_one_side_tells_no_authority_is_joined(take_in, before, after):
    take_in(of_visit(charge(), before))
    assert incoming.states(take_in(of_visit(note(), after))) == ["corrected"]
    # What was told once is known from then on.
    assert Encounter.objects.get().visit_authority == "NORTH"
    assert incoming.states(take_in(of_visit(note((b"Recheck", b"Later")), b"SOUTH"))) == [
        "rejected"
    ]


@pytest.mark.parametrize("most", [1, 1000])
def test_two_visits_under_one_number_in_a_file_are_left_to_a_person(check, monkeypatch, most):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", most)
    upload = check(of_visit(charge(), b"NORTH") + of_visit(charge(), b"SOUTH"))
    assert incoming.states(upload) == ["doubled", "doubled"]
    others = ["given by another authority: SOUTH", "given by another authority: NORTH"]
    assert all(map(str.__contains__, incoming.problems(upload), others))


def test_an_encounter_of_another_system_of_numbers_is_not_joined(take_in):
    first, other = (numbered(system) for system in ("urn:north", "urn:south"))
    take_in(first)
    assert Encounter.objects.get().visit_authority == "urn:north"
    assert "urn:north gave it" in incoming.problems(take_in(other))[0]
    assert incoming.states(take_in(first)) == ["unchanged"]


def numbered(system):
    """A visit with a number of that system."""
    resources = samples.visit_resources()
    resources["encounter"]["identifier"] = [{"system": system, "value": "V1"}]
    return samples.bundle(*resources.values())


def test_what_takes_a_visit_of_another_authority_back_says_nothing_of_ours(take_in):
    take_in(of_visit(charge() + note(), b"NORTH"))
    cancel = note((b"MDM^T02", b"MDM^T11"))
    assert incoming.states(take_in(of_visit(cancel, b"SOUTH"))) == ["skipped"]
    assert "took the encounter" in incoming.problems(take_in(of_visit(cancel, b"NORTH")))[0]
    stranger = of_visit(cancel, b"NORTH").replace(*OTHER)
    assert "another patient's" in incoming.problems(take_in(stranger))[0]


def test_a_void_claim_names_what_it_takes_back_and_another_patient_of_it(take_in):
    take_in(samples.claims_file(samples.claim("C1")))
    void = samples.claim("C2", facility="11:B:8")
    void = [row.replace("M-C2", "M-C1") for row in [*void[:6], "REF*F8*C1", *void[6:]]]
    for content, words in (
        (samples.claims_file(void), "took the encounter, or its note, back"),
        (samples.claims_file(void).replace(b"*MI*M-C1", b"*MI*M-C9"), "another patient's (M-C1)"),
        (
            samples.claims_file(samples.claim("C1", facility="11:B:8")).replace(b"*MI*M-C1", b""),
            "back",
        ),
    ):
        [row] = take_in(content).rows.all()
        assert (row.state, words in row.errors[0]["problem"]) == ("rejected", True), row.errors


def test_a_claim_number_is_its_billing_providers(take_in):
    content = samples.claims_file(samples.claim("V1"))
    take_in(content)
    assert Encounter.objects.get().visit_authority == "1999999984"
    other = content.replace(b"1999999984", b"1999999976").replace(b"Q6502", b"Q6501")
    assert "another visit's here" in incoming.problems(take_in(other))[0]


def test_a_claim_of_another_billing_provider_replaces_none_in_its_file(check):
    own = samples.claims_file(samples.claim("V1"))
    other = own.replace(b"1999999984", b"1999999976").replace(b"11:B:1", b"11:B:7")
    assert incoming.states(check(own + other)) == ["doubled", "doubled"]
    assert incoming.states(check(own + own.replace(b"11:B:1", b"11:B:7"))) == ["skipped", "new"]


@pytest.mark.parametrize("most", [1, 1000])
def test_members_of_two_plans_under_one_number_are_two_patients(check, monkeypatch, most):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", most)
    upload = check(samples.claims_file(samples.claim("V1"), claim_of_plan("PLAN02")))
    assert incoming.states(upload) == ["rejected", "rejected"]
    plans = ["another patient, M-V1 of PLAN02", "another patient, M-V1 of PLAN01"]
    assert all(
        plan in problem for plan, problem in zip(plans, incoming.problems(upload), strict=True)
    )
    assert upload.rows.filter(doubled=True).count() == 2


def claim_of_plan(plan):
    return [segment.replace("PLAN01", plan) for segment in samples.claim("V1")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"D8*20251220*F", b"D8*20251224*F", "M-V1 of PLAN01, born 2025-12-20, sex F"),
        (b"D8*20251220*F", b"D8*20251220*M", "born 2025-12-20, sex F"),
        (b"SAMPLE*INFANT", b"SAMPLE*TWIN", "born 2025-12-20, sex F, under another name"),
    ],
)
def test_a_claim_for_another_birth_date_sex_or_name_is_another_members(take_in, old, new, words):
    content = samples.claims_file(samples.claim("V1"))
    take_in(content)
    stranger = take_in(content.replace(old, new))
    assert incoming.states(stranger) == ["rejected"]
    assert words in incoming.problems(stranger)[0]


@pytest.mark.parametrize("again", [charge, note])
def test_what_comes_for_another_of_a_family_under_a_payers_number_is_another_patients(
    take_in, again
):
    number = (b"^^^EXAMPLE^MR", b"^^^PLAN^MB")
    take_in(charge(number))
    stranger = take_in(again(number, (b"SAMPLE^INFANT", b"SAMPLE^TWIN")))
    assert incoming.states(stranger) == ["rejected"]
    assert "sex F, under another name" in incoming.problems(stranger)[0]


def test_a_claim_that_tells_no_birth_date_corrects_what_is_stored(take_in):
    content = samples.claims_file(samples.claim("V1"))
    take_in(content)
    assert incoming.states(take_in(content.replace(b"D8*20251220*F", b"D8**U"))) == ["corrected"]


def test_a_claim_that_writes_the_name_otherwise_or_not_at_all_is_the_same_members(take_in):
    content = samples.claims_file(samples.claim("V1"))
    take_in(content)
    assert incoming.states(take_in(content.replace(b"SAMPLE*INFANT*", b"Sample *infant*Q"))) == [
        "unchanged"
    ]
    nameless = content.replace(b"SAMPLE*INFANT", b"*").replace(b"Q6502", b"Q6501")
    assert incoming.states(take_in(nameless)) == ["corrected"]
    stranger = take_in(content.replace(b"SAMPLE*INFANT", b"SAMPLE*TWIN"))
    assert incoming.states(stranger) == ["rejected"]


def test_a_name_is_kept_as_a_check_sum_that_names_nobody(take_in):
    upload = take_in(samples.claims_file(samples.claim("V1")))
    assert Encounter.objects.get().name_sum == name_sum("SAMPLE", "INFANT")
    assert len(name_sum("SAMPLE", "INFANT")) == 4
    assert "INFANT" not in str(upload.rows.values())


def member(number, *changes):
    """A claim for a member whose number is that of the claim V1."""
    text = "~".join(samples.claim(number)).replace(f"M-{number}", "M-V1")
    for old, new in changes:
        text = text.replace(old, new)
    return text.split("~")


@pytest.mark.parametrize("other", [("INFANT", "TWIN"), ("20251220", "20240101"), ("*F", "*M")])
def test_two_members_of_one_number_are_two_patients_with_a_history_each(take_in, other):
    take_in(samples.claims_file(member("V1")))
    upload = take_in(samples.claims_file(member("V2", other), member("V3")))
    first, second, third = Encounter.objects.order_by("external_id")
    assert first.patient == third.patient != second.patient
    assert list(others_of_patient(first)) == [third]
    assert list(others_of_patient(second)) == []
    [remark] = upload.rows.get(external_id="V2").remarks
    assert "has the number M-V1 for a patient born 2025-12-20, sex F" in remark["text"]
    assert upload.rows.get(external_id="V3").remarks == []


def test_a_member_of_whom_more_is_told_later_is_known_by_all_of_it(take_in):
    less = ("20251220", "")
    take_in(samples.claims_file(member("V1", less)))
    first = Encounter.objects.get().patient
    assert first.member == f"F {name_sum('SAMPLE', 'INFANT')}"
    for claim in (member("V1"), member("V1", less)):
        take_in(samples.claims_file(claim))
        assert Encounter.objects.get().patient == first
    assert Patient.objects.get().birth_date == date(2025, 12, 20)


def test_claims_and_notes_that_come_again_leave_no_second_row(take_in):
    number = (b"^^^EXAMPLE^MR", b"^^^PLAN^MB")
    take_in(charge(number))
    assert incoming.states(take_in(note(number))) == ["corrected"]
    take_in(samples.claims_file(member("V2")))
    less = samples.claims_file(
        member("V2", ("D8*20251220*F", "D8**U"), ("SAMPLE*INFANT", "*"), ("Q6502", "Q6501"))
    )
    assert incoming.states(take_in(less)) == ["corrected"]
    assert [row.encounters.count() for row in Patient.objects.all()] == [1, 1]


def test_a_late_note_of_one_of_a_family_is_not_remarked(take_in):
    number = (b"^^^EXAMPLE^MR", b"^^^PLAN^MB")
    child = (
        number,
        (b"|V1", b"|V2"),
        (b"SAMPLE^INFANT", b"SAMPLE^OTHER"),
        (b"20251220", b"20200101"),
    )
    take_in(charge(number))
    take_in(charge(*child))
    upload = take_in(note(*child))
    assert incoming.states(upload) == ["corrected"]
    assert "register" not in str([row.remarks for row in upload.rows.all()])
    assert Patient.objects.count() == 2


def test_a_member_of_whom_only_the_number_is_told_may_be_anybody_of_the_family(take_in):
    take_in(samples.claims_file(member("V1", ("20251220", ""), ("SAMPLE*INFANT", "*"))))
    assert Encounter.objects.get().patient is None


# A number that several share.

TWIN = ["HL*3*2*23*0", "PAT*19"]


def dependent(born="20260101", sex="F", name="SAMPLE*TWIN"):
    """A claim of one who comes under the subscriber's number."""
    segments = samples.claim("V1")
    at = next(number for number, segment in enumerate(segments) if segment.startswith("CLM"))
    return samples.claims_file(
        [*segments[:at], *TWIN, f"NM1*QC*1*{name}", f"DMG*D8*{born}*{sex}", *segments[at:]]
    )


@pytest.mark.parametrize("other", [{"born": "20260102"}, {"sex": "M"}, {"name": "SAMPLE*OTHER"}])
def test_one_who_shares_the_number_is_another_patient(take_in, other):
    take_in(dependent())
    sibling = take_in(dependent(**other))
    assert incoming.states(sibling) == ["rejected"]
    assert "which is shared, born 2026-01-01, sex F" in incoming.problems(sibling)[0]


def test_a_subscriber_and_a_dependent_under_their_number_are_two(take_in):
    take_in(samples.claims_file(samples.claim("V1")))
    assert incoming.states(take_in(dependent())) == ["rejected"]


def test_the_same_dependent_again_is_the_same(take_in):
    for state in ("imported", "unchanged"):
        assert incoming.states(take_in(dependent())) == [state]
    assert Encounter.objects.get().patient is None


def test_a_number_that_its_file_shares_stays_shared_beside_one_that_was_a_patients_own(
    take_in, check
):
    born = next(segment for segment in samples.claim("V1") if segment.startswith("DMG")).split("*")[
        2:4
    ]
    take_in(samples.claims_file(samples.claim("V1")))
    upload = check(dependent(*born, name="SAMPLE*INFANT").replace(b"Q6502", b"Q6501"))
    assert upload.rows.get().record["shared_reference"] is True
