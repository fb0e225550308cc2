"""What is joined names one patient: identifier and authority; otherwise every item concerned is rejected, all named."""

import json

import pytest

from coding.intake.x12.file import X12_837P
from tests.intake import samples
from tests.intake.case_files import content_of, items, lines

CHARGE = "codes-hl7-dx-priority.hl7"
CLAIM = "patient-mix-x12-control-number-1.837"
VISIT = "codes-fhir-dx-sequence.json"


def again(*changes):
    """A second message of the same visit."""
    return content_of(CHARGE, (b"|M1|", b"|M2|"), *changes)


def resources(content):
    return {entry["resource"]["id"]: entry["resource"] for entry in json.loads(content)["entry"]}


def bundle(*entries):
    return json.dumps(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": e} for e in entries],
        }
    )


def test_one_number_of_two_authorities_is_two_patients():
    [visit] = items(content_of(CHARGE) + again((b"MRN-1^^^H^MR", b"MRN-1^^^OTHER^MR")))
    assert visit["standing"] == "rejected"
    assert "MRN-1 of H and MRN-1 of OTHER" in visit["problems"][0]
    assert visit["service_lines"] == []


def test_an_authority_that_is_not_told_contradicts_none():
    [visit] = items(
        content_of(CHARGE) + again((b"MRN-1^^^H^MR", b"MRN-1"), (b"27256^^C4", b"27257^^C4"))
    )
    assert (visit["standing"], lines(visit)) == ("good", ["27256-LT x1", "27257-LT x1"])


def test_a_message_without_a_patient_joins_nobody():
    [visit] = items(content_of(CHARGE) + again((b"MRN-1^^^H^MR", b"")))
    assert visit["standing"] == "rejected"
    assert "MRN-1 of H and none" in visit["problems"][0]


@pytest.mark.parametrize("number", [b"MRN-1^^^H^MR", b"MRN-1^^^^PI", b"MRN-1"])
def test_one_number_of_two_who_were_born_on_two_days_and_have_two_names_is_of_two(number):
    other = (b"MRN-1^^^H^MR||Doe^Ann||20260110", number + b"||Roe^Bo||19850110")
    [visit] = items(content_of(CHARGE) + again(other))
    assert visit["standing"] == "rejected"
    assert "born 2026-01-10 and MRN-1" in visit["problems"][0]
    # One of both may have been corrected.
    for old, new in ((b"20260110|F", b"20260111|F"), (b"Doe^Ann", b"Roe^Ann")):
        [visit] = items(content_of(CHARGE) + again((old, new)))
        assert visit["standing"] == "good"


MEMBER = (b"MRN-1^^^H^MR", b"M-1^^^PLAN^MB")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ((b"20260110", b"19900110"), "born 2026-01-10 and M-1 of PLAN, born 1990-01-10"),
        ((b"|20260110|F", b"|20260110|M"), "of another sex or name in other messages"),
        ((b"Doe^Ann", b"Doe^Lia"), "of another sex or name in other messages"),
    ],
)
def test_two_of_a_family_under_the_number_of_their_payer_are_two_patients(other, words):
    [visit] = items(content_of(CHARGE, MEMBER) + again(MEMBER, other))
    assert visit["standing"] == "rejected"
    assert words in visit["problems"][0]


def test_messages_that_share_the_number_of_a_payer_alone_are_not_joined_by_it():
    record = (b"MRN-1^^^H^MR", b"MRN-1^^^H^MR~M-1^^^PLAN^MB")
    inside = (b"MRN-1^^^H^MR", b"77^^^L^PI~M-1^^^PLAN^MB")
    [visit] = items(content_of(CHARGE, record) + again(inside, (b"Doe^Ann", b"Doe^Lia")))
    assert visit["standing"] == "rejected"


def test_one_member_in_two_messages_is_one_patient():
    second = again(MEMBER, (b"Doe^Ann", b"DOE^ANN"), (b"27256^^C4", b"27257^^C4"))
    [visit] = items(content_of(CHARGE, MEMBER) + second)
    assert (visit["patient_reference"], lines(visit)) == ("M-1", ["27256-LT x1", "27257-LT x1"])


def member(key, given):
    """A Patient whom a payer numbers."""
    number = {"type": {"coding": [{"code": "MB"}]}, "system": "urn:plan", "value": "M-1"}
    known = {
        "identifier": [number],
        "name": [{"family": "Doe", "given": [given]}],
        "birthDate": "2026-01-10",
    }
    return {"resourceType": "Patient", "id": key, **known}


@pytest.mark.parametrize(("given", "standing"), [("Lia", "rejected"), ("ANN", "good")])
def test_two_of_a_family_in_a_bundle_are_two_patients(given, standing):
    visit = samples.visit_resources()
    twin = member("twin", given)
    visit |= {"patient": member(visit["patient"]["id"], "Ann"), "twin": twin}
    visit["condition"] |= {"subject": {"reference": "Patient/twin"}}
    [item] = items(samples.bundle(*visit.values()))
    assert item["standing"] == standing
    if standing == "rejected":
        assert "The Condition is of Patient/twin, its encounter of Patient/" in item["problems"][0]


def test_two_visits_under_one_number_of_two_authorities_are_not_joined():
    first = content_of(CHARGE, (b"V-9001", b"V-9001^^^A"))
    second = again((b"V-9001", b"V-9001^^^B"), (b"27256^^C4", b"27257^^C4"))
    assert [lines(visit) for visit in items(first + second)] == [["27256-LT x1"], ["27257-LT x1"]]


@pytest.mark.parametrize(
    ("identifiers", "reference"),
    [
        (b"999-11-2222^^^USA^SS~MRN-1^^^H^MR", "MRN-1"),
        (b"77^^^H^PI~MRN-1^^^H^MR", "MRN-1"),
        (b"OLD^^^H^MR^^20200101^20210101~NEW^^^H^MR^^20210101", "NEW"),
        (b"MRN-1^^^H^MR^^20200101^20991231", "MRN-1"),
        (b'""~MRN-1^^^H', "MRN-1"),
    ],
)
def test_the_identifier_that_counts_is_chosen_by_type_and_time(identifiers, reference):
    [visit] = items(content_of(CHARGE, (b"MRN-1^^^H^MR", identifiers)))
    assert (visit["standing"], visit["patient_reference"]) == ("good", reference)


def test_a_social_security_number_alone_is_no_patient():
    [visit] = items(content_of(CHARGE, (b"MRN-1^^^H^MR", b"999-11-2222^^^USA^SS")))
    assert visit["problems"] == ["Patient reference: it is missing. Fill it in."]
    assert visit["remarks"] == ["Left out: an identifier of the type SS."]


def test_one_claim_number_for_two_members_rejects_both_claims():
    both = items(content_of(CLAIM) + content_of("patient-mix-x12-control-number-2.837"))
    assert [claim["standing"] for claim in both] == ["rejected", "rejected"]
    assert all("MEM1 and MEM2" in claim["problems"][0] for claim in both)


def test_one_id_for_two_patients_rejects_both_rows_of_a_table():
    table = content_of("table-sex-words.csv", (b"V2,MRN-1", b"V1,MRN-2"))
    first, second = items(table)
    assert (first["standing"], second["standing"]) == ("rejected", "rejected")
    assert "at line 3 for another patient, MRN-2" in first["problems"][0]
    assert "at line 2 for another patient, MRN-1" in second["problems"][0]


@pytest.mark.parametrize(("identity", "path"), [("k1", "patient"), ("d1", "subject")])
def test_a_claim_or_document_of_another_patient_is_not_the_encounters(identity, path):
    parts = resources(content_of(VISIT))
    other = {"resourceType": "Patient", "id": "p2", "identifier": [{"value": "MRN-2"}]}
    parts[identity][path] = {"reference": "Patient/p2"}
    [encounter] = items(bundle(*parts.values(), other).encode())
    assert encounter["standing"] == "rejected"
    assert "is of MRN-2, its encounter of MRN-1" in encounter["problems"][0]


def test_two_resources_of_one_patient_are_one_patient():
    parts = resources(content_of(VISIT))
    twin = parts["p1"] | {"id": "p1-again"}
    parts["d1"]["subject"] = {"reference": "Patient/p1-again"}
    [encounter] = items(bundle(*parts.values(), twin).encode())
    assert (encounter["standing"], encounter["note"]) == ("good", "Left hip reduced.")


@pytest.mark.parametrize(
    "identifier",
    [
        {"use": "old", "value": "OLD"},
        {"period": {"end": "2020-01-01"}, "value": "OLD"},
        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-11-2222"},
        {"type": {"coding": [{"code": "SS"}]}, "value": "999-11-2222"},
    ],
)
def test_an_old_expired_or_foreign_identifier_of_a_resource_is_passed_over(identifier):
    parts = resources(content_of(VISIT))
    parts["p1"]["identifier"] = [identifier, {"value": "77001"}]
    [encounter] = items(bundle(*parts.values()).encode())
    assert encounter["patient_reference"] == "77001"


RESULTS = (
    "OBR|1|P1|{0}|HIP^Hip film|||20260601||||||||||||||||||F",
    "OBX|1|TX|F^Findings||{1}||||||F",
)


def group(patient, visit, number, text):
    """A patient of a message of results, with a visit and a report."""
    _, own, stay = samples.head("ORU^R01", visit)
    of = own.replace(f"P-{visit}", patient)
    return [of, stay, *(segment.format(number, text) for segment in RESULTS)]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (("P-2", "V1"), "different patients: P-1 of EXAMPLE and P-2 of EXAMPLE"),
        (("P-1", "V2"), "different visits: V1 and V2"),
    ],
)
def test_a_message_of_several_patients_or_visits_is_none_of_theirs(second, words):
    header = samples.head("ORU^R01")[0]
    both = [*group("P-1", "V1", "R1", "Hers."), *group(*second, "R2", "His.")]
    [item] = items(samples.hl7(header, *both))
    assert (item["standing"], item["note"]) == ("rejected", "")
    assert words in item["problems"][0]


def test_a_message_may_tell_its_patient_again():
    header = samples.head("ORU^R01")[0]
    both = [*group("P-1", "V1", "R1", "Left."), *group("P-1", "V1", "R2", "Right.")]
    [item] = items(samples.hl7(header, *both))
    assert item["standing"] == "good"
    assert "Left." in item["note"]
    assert "Right." in item["note"]


def test_messages_that_run_into_one_another_are_not_joined():
    both = samples.dft("V1").rstrip(b"\r") + samples.dft("V2")
    [item] = items(both)
    assert (item["standing"], item["service_lines"]) == ("rejected", [])


def test_a_message_of_two_documents_is_refused_because_the_second_would_pass_for_the_first():
    second = [samples.document("D2", completion="DI"), "OBX|1|TX|N||Dictated only.||||||F"]
    [item] = items(samples.mdm("V1", "Signed.") + samples.hl7(*second))
    assert item["standing"] == "rejected"
    assert "holds 2 documents" in item["problems"][0]


STRANGER = ["NM1*IL*1*ROE*BOB****MI*M-9", "DMG*D8*20250101*M"]
BOB = ["NM1*QC*1*ROE*BOB", "DMG*D8*20250101*M"]


def claims(*segments):
    return items(samples.claims_file(segments), "claims.837")


def test_a_claim_below_two_subscribers_is_nobody_s():
    above, below = samples.claim()[:5], samples.claim()[5:]
    for strangers in (
        STRANGER,
        BOB,
        ["HL*3*2*23*0", "PAT*19", *BOB, "NM1*QC*1*ROE*EVE"],
        ["HL*3*7*23*0", *BOB],
    ):
        [item] = claims(*above, *strangers, *below)
        assert item["standing"] == "rejected"
        assert "Send each patient under a level (HL) of their own" in item["problems"][0]


def test_a_subscriber_within_a_claim_is_neither_its_own_nor_that_of_the_next():
    first, second = claims(*samples.claim("C1"), *STRANGER, *samples.claim("C2")[5:])
    assert (first["standing"], second["standing"]) == ("rejected", "rejected")
    assert second["patient_reference"] == ""


def test_the_subscriber_of_another_payer_is_no_second_patient():
    before, own = samples.claim()[:8], samples.claim()[8:]
    [item] = claims(*before, "SBR*S*18*******MB", *STRANGER[:1], "NM1*PR*2*SECOND*****PI*P2", *own)
    assert (item["standing"], item["patient_reference"]) == ("good", "M-C1")


def test_a_rejected_claim_below_no_subscriber_comes_back_so():
    above, below = samples.claim()[:5], samples.claim()[5:]
    content = samples.claims_file([*above, "HL*3*7*23*0", "PAT*19", *BOB, *below])
    returned = samples.excerpt(X12_837P, content, [1])
    [again_read] = items(returned, "claims.837")
    assert "is not below that of the subscriber" in again_read["problems"][0]


def fhir_visit(*more, **of_procedure):
    known = resources(content_of(VISIT))
    procedure = {
        "resourceType": "Procedure",
        "id": "pr1",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "Encounter/e1"},
        "code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "12345"}]},
        "performedDateTime": "2026-06-01",
    }
    return [known["p1"], known["e1"], procedure | of_procedure, *more]


def test_a_patient_who_is_named_by_an_identifier_alone_is_compared_by_it():
    [patient, *_] = fhir_visit()
    mrn = patient["identifier"][0]["value"]
    system = patient["identifier"][0].get("system", "")
    for value, standing in ((mrn, "good"), ("MRN-2", "rejected")):
        subject = {"identifier": {"system": system, "value": value}}
        [item] = items(bundle(*fhir_visit(subject=subject)).encode())
        assert item["standing"] == standing
    _, encounter, procedure = fhir_visit()
    encounter["subject"], procedure["subject"] = (
        {"identifier": {"value": number}} for number in ("MRN-1", "MRN-2")
    )
    [item] = items(bundle(encounter, procedure).encode())
    assert "is of MRN-2, its encounter of MRN-1" in item["problems"][0]


def test_a_patient_of_another_server_is_another_patient():
    content = bundle(*fhir_visit(subject={"reference": "https://b.example/fhir/Patient/p1"}))
    whole = json.loads(content)
    for entry in whole["entry"]:
        resource = entry["resource"]
        entry["fullUrl"] = f"https://a.example/fhir/{resource['resourceType']}/{resource['id']}"
    [item] = items(json.dumps(whole).encode())
    assert (item["standing"], item["service_lines"]) == ("rejected", [])
    [item] = items(json.dumps(whole).replace("https://b.example", "http://A.example").encode())
    assert item["standing"] == "good"


def test_what_a_bundle_deletes_is_not_taken():
    whole = json.loads(bundle(*fhir_visit()))
    for url, standing in (("Procedure/pr1", "rejected"), ("Procedure/pr9", "good")):
        deleted = {"request": {"method": "DELETE", "url": url}}
        for entries in ([*whole["entry"], deleted], [deleted, *whole["entry"]]):
            [item] = items(json.dumps(whole | {"entry": entries}).encode())
            assert item["standing"] == standing
            assert ("is deleted at" in str(item["problems"])) == (standing == "rejected")
