"""What was sent twice is one line, or it is told: no reader doubles a line without a word."""

import copy

import pytest

from coding.intake.fhir.file import FHIR_JSON
from coding.intake.hl7.file import HL7_V2
from tests.intake.samples import (
    bundle,
    charge,
    claim_resource,
    dft,
    drafts,
    head,
    hl7,
    visit_resources,
)


def remarks(draft):
    return " ".join(remark.text for remark in draft.remarks)


def codes(draft):
    return [line.code for line in draft.texts.service_lines]


def under(number, line):
    return line.replace("FT1|1|", f"FT1|1|{number}", 1)


def test_a_charge_that_comes_again_in_another_message_is_one_line_and_told():
    [draft] = drafts(HL7_V2, dft() + dft(control="9"))
    assert codes(draft) == ["27256"]
    assert "27256-LT, which message 1 sent already" in remarks(draft)


def test_the_same_charge_under_another_transaction_number_is_taken_and_told():
    [draft] = drafts(
        HL7_V2, dft("V1", under("T1", charge())) + dft("V1", under("T2", charge()), control="9")
    )
    assert codes(draft) == ["27256", "27256"]
    assert "sent by message 1 too, under another transaction number" in remarks(draft)


def test_a_charge_that_comes_again_behind_its_credit_counts():
    credit = dft("V1", charge(kind="CR"), control="8")
    [draft] = drafts(HL7_V2, dft() + credit + dft(control="9"))
    assert codes(draft) == ["27256"]
    assert "already" not in remarks(draft)


def test_a_procedure_that_comes_again_is_one_line():
    def message(control):
        return hl7(*head("DFT^P03", control=control), "PR1|1||27256^^C4||20260112")

    [draft] = drafts(HL7_V2, message("1") + message("2"))
    assert codes(draft) == ["27256"]
    assert "sent already" in remarks(draft)


@pytest.fixture
def visit():
    resources = visit_resources()
    return resources["encounter"], resources["patient"]


def with_claims(visit, *claims):
    [draft] = drafts(FHIR_JSON, bundle(*visit, *claims))
    return draft


def changed(claim, **fields):
    return copy.deepcopy(claim) | fields


def test_of_two_claims_for_the_same_lines_one_counts(visit):
    claim = claim_resource()
    draft = with_claims(visit, claim, changed(claim, id="again"))
    assert len(draft.texts.service_lines) == len(claim["item"])
    assert "It bills what another claim bills already." in remarks(draft)


def test_a_line_that_others_bill_too_is_taken_and_told(visit):
    claim = claim_resource()
    draft = with_claims(visit, claim, changed(claim, id="b", provider={"display": "Somebody else"}))
    assert len(draft.texts.service_lines) == 2 * len(claim["item"])
    assert "is billed by another claim too. Both were taken." in remarks(draft)


def of_kind(code):
    return {"coding": [{"code": code}]}


def test_an_institutional_claim_alone_is_taken_and_told(visit):
    claim = claim_resource()
    draft = with_claims(visit, changed(claim, type=of_kind("institutional")))
    assert len(draft.texts.service_lines) == len(claim["item"])
    assert "The claim is institutional" in remarks(draft)


def test_a_professional_claim_that_does_not_count_stands_in_no_place(visit):
    claim = claim_resource()
    cancelled = changed(claim, id="b", status="cancelled", type=of_kind("professional"))
    draft = with_claims(visit, changed(claim, type=of_kind("institutional")), cancelled)
    assert len(draft.texts.service_lines) == len(claim["item"])
    assert "The claim is institutional" in remarks(draft)
