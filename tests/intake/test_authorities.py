"""One authority under several names: HL7 and FHIR name it in their ways, and administrators say what no file tells."""

from datetime import date

import pytest
from django.urls import reverse

from coding.actions import authorities
from coding.actions.authorities import TwoNames
from coding.actions.errors import Conflict, NotAllowed
from coding.intake.authorities import alias_key, are_two_authorities, known_as, resolved, written
from coding.models import AuthorityAlias, Encounter, Patient
from tests import factories, incoming
from tests.intake import samples

OID = "2.16.840.1.113883.19.5"
ADDRESS = "http://hospital.example.org/mrn"


@pytest.mark.parametrize(
    ("first", "second", "are_two"),
    [
        (f"EXAMPLE^{OID}", f"urn:oid:{OID}", False),
        ("EXAMPLE", f"EXAMPLE^{OID}", False),
        (f"EXAMPLE^{ADDRESS}", ADDRESS, False),
        ("", OID, False),
        # A short name is anybody's.
        (f"MAIN^{OID}", f"MAIN^{OID}.1", True),
        ("EXAMPLE", f"urn:oid:{OID}", True),
        (ADDRESS, f"urn:oid:{OID}", True),
    ],
)
def test_names_are_of_one_authority_where_one_carries_the_other(first, second, are_two):
    assert are_two_authorities(first, second) is are_two
    assert are_two_authorities(second, first) is are_two


def test_the_register_knows_an_authority_by_its_number_or_address():
    names = (written("EXAMPLE", OID), f"urn:oid:{OID}", written("EXAMPLE", ""), ADDRESS)
    assert [known_as(name) for name in names] == [OID, OID, "EXAMPLE", ADDRESS]
    assert known_as(written("EXAMPLE", "hospital.example.org")) == "EXAMPLE"


def test_an_alias_counts_for_a_name_alone_and_never_against_a_worldwide_one():
    aliases = {alias_key("example"): f"urn:oid:{OID}", alias_key(ADDRESS): OID}
    assert resolved("EXAMPLE", aliases) == f"EXAMPLE^{OID}"
    assert resolved(ADDRESS, aliases) == OID
    assert resolved(f"EXAMPLE^{OID}.1", aliases) == f"EXAMPLE^{OID}.1"


@pytest.fixture
def take_in(people):
    factories.icd10cm("Q65.02", valid_from=date(2025, 10, 1))

    def act(content):
        [row] = incoming.taken_in(people, content).rows.all()
        return row

    return act


def hl7(authority):
    return samples.dft("V1").replace(b"^^^EXAMPLE^MR", f"^^^{authority}^MR".encode())


def fhir(system):
    """The same encounter of the same patient, as FHIR tells it."""
    resources = samples.visit_resources()
    [number] = [
        repetition.split("^")[0]
        for repetition in hl7("EXAMPLE").decode().split("PID|")[1].split("|")[2].split("~")
    ]
    resources["patient"]["identifier"] = [{"system": system, "value": number}]
    resources["encounter"]["identifier"] = [{"value": "V1"}]
    return samples.bundle(*resources.values())


def test_a_patient_of_hl7_and_of_fhir_is_one_where_both_tell_the_number_of_the_authority(take_in):
    take_in(hl7(f"EXAMPLE&{OID}&ISO"))
    row = take_in(fhir(f"urn:oid:{OID}"))
    assert (row.state, row.errors) == ("corrected", [])
    assert Patient.objects.get().authority == OID


def test_a_row_of_before_is_known_by_the_address_under_which_it_was_kept(take_in):
    take_in(fhir(f"urn:oid:{OID}"))
    Patient.objects.update(authority=f"urn:oid:{OID}")
    assert take_in(hl7(f"EXAMPLE&{OID}&ISO")).errors == []
    assert Patient.objects.count() == 1


def test_two_numbers_of_authorities_that_are_called_alike_for_short_are_two_patients(take_in):
    take_in(hl7(f"MAIN&{OID}&ISO"))
    assert "another patient" in take_in(hl7(f"MAIN&{OID}.1&ISO")).errors[0]["problem"]


def test_what_shares_no_name_is_settled_by_an_administrator(take_in, people):
    take_in(hl7("EXAMPLE"))
    told = take_in(fhir(f"urn:oid:{OID}")).errors[0]
    assert "another patient" in told["problem"]
    authorities.add(people["administrator"], TwoNames("example", f"urn:oid:{OID}", "Both say so."))
    assert take_in(fhir(f"urn:oid:{OID}")).errors == []
    assert [patient.pk for patient in Patient.objects.all()] == [Encounter.objects.get().patient_id]
    authorities.remove(people["administrator"], AuthorityAlias.objects.get())
    assert "another patient" in take_in(fhir(f"urn:oid:{OID}.2")).errors[0]["problem"]


@pytest.mark.parametrize(
    ("name", "counts_as", "words"),
    [
        (OID, f"urn:oid:{OID}", "two spellings"),
        ("Example", "2.16.1", "is an alias already"),
        ("OTHER", "EXAMPLE", "is an alias itself"),
        (OID, "2.16.1", "Other names count as"),
        (f"EXAMPLE^{OID}", "2.16.1", "the short name, the OID"),
    ],
)
def test_names_that_cannot_be_of_one_authority_are_refused(people, name, counts_as, words):
    admin = people["administrator"]
    authorities.add(admin, TwoNames("EXAMPLE", OID, "Known."))
    with pytest.raises(Conflict, match=words):
        authorities.add(admin, TwoNames(name, counts_as, "Known."))
    with pytest.raises(NotAllowed):
        authorities.add(people["coder"], TwoNames("X", "2.16.2", "Known."))


def test_an_administrator_adds_and_takes_out_an_alias(people, client):
    client.force_login(people["administrator"])
    told = {"name": "EXAMPLE", "counts_as": OID, "reason": "Their interface guide says so."}
    client.post(reverse("admin:coding_authorityalias_add"), told)
    alias = AuthorityAlias.objects.get()
    page = client.get(reverse("admin:coding_authorityalias_changelist")).text
    assert "Their interface guide says so." in page
    again = client.post(reverse("admin:coding_authorityalias_add"), told).text
    assert "EXAMPLE is an alias already" in again
    chosen = {"action": "take_out", "_selected_action": alias.pk}
    for words in ("is taken out.", "was taken out meanwhile."):
        page = client.post(reverse("admin:coding_authorityalias_changelist"), chosen, follow=True)
        assert words in page.text
    client.post(reverse("admin:coding_authorityalias_add"), told)
    assert AuthorityAlias.objects.filter(removed_at=None).count() == 1
