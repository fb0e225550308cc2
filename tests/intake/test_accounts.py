"""Elements seen = taken + told: whatever a claim or message holds comes out as a value or in words.

Each test writes a file whose codes and texts are all different, and looks for each of them in what was read.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.intake.accounts import Element, account
from coding.intake.drafts import EncounterTexts, LineDraft
from coding.intake.texts import left_out
from tests.intake import samples
from tests.intake.accounted import (
    DIAGNOSES,
    MODIFIERS,
    PROCEDURES,
    SYSTEMS,
    drawn,
    quickly,
    said,
    untold,
)
from tests.intake.case_files import document

# X12: each diagnosis, procedure, modifier, quantity, day and note of a claim, and each kind of other segment.


@st.composite
def claims(draw):
    codes, others = drawn(draw, DIAGNOSES, 4), drawn(draw, ["0SSB04Z", "0QS604Z", "A7", "11"], 2)
    composites = [f"ABK:{code.replace('.', '')}" for code in codes] + [
        f"BBR:{code}" for code in others
    ]
    lines, keys = [], [*codes, *others]
    for code in draw(st.lists(st.sampled_from(PROCEDURES), unique=True, min_size=1, max_size=3)):
        modifiers = drawn(draw, MODIFIERS, 4)
        kind = draw(st.sampled_from(["UN*1", "MJ*4711"]))
        lines.append(
            f"SV1*{':'.join(['HC', code, *modifiers])}*620*{kind}***{'1' if codes else ''}~DTP*472*D8*20260112"
        )
        keys += [code, *modifiers, *(["4711"] if kind.startswith("MJ") else [])]
    note = draw(st.sampled_from([[], ["NTE*ADD*Kanary"], ["SBR*S*18", "NTE*ADD*Kanary"]]))
    odd = draw(st.sampled_from([[], ["PWK*OZ*BM"], ["TOO*JP*8"], ["DTP*472*D8*20251231"]]))
    keys += ["Kanary"] * any("Kanary" in part for part in note)
    keys += {"PWK": ["PWK"], "TOO": ["TOO"], "DTP": ["2025-12-31"]}.get("".join(odd)[:3], [])
    claim = samples.claim(lines=lines, diagnoses="*".join(composites) or "ABK:Q6502")
    at = claim.index("NM1*82*1*TESTER*ALEX****XX*1999999976")
    return samples.claims_file([*claim[:at], *odd, *note, *claim[at:]]), keys


@quickly
@given(claims())
def test_nothing_of_a_claim_is_dropped_without_a_word(drawn_claim):
    content, keys = drawn_claim
    assert untold(content, keys) == []


# HL7 v2: each repetition of the coded fields of charges, each observation of a document, each kind of other segment.


@st.composite
def visits(draw):
    keys = []

    def repeated(values, most, systems):
        codes = drawn(draw, values, most)
        keys.extend(codes)
        return "~".join(
            f"{code}^{code} in words^{draw(st.sampled_from(systems))}" for code in codes
        )

    half = len(PROCEDURES) // 2
    diagnoses = [
        f"DG1|1||{repeated(DIAGNOSES[:20], 3, SYSTEMS)}",
        f"DG1|2||{repeated(DIAGNOSES[20:30], 2, SYSTEMS)}",
    ]
    modifiers = drawn(draw, MODIFIERS[:20], 3)
    keys += modifiers if (charged := repeated(PROCEDURES[:half], 2, ["C4", "CPT", "L"])) else []
    pointed = repeated(DIAGNOSES[30:], 2, SYSTEMS)
    charge = f"FT1|1|T1||20260112||CG||||1|||||||||{pointed}||||||{charged}|{'~'.join(modifiers)}"
    done = [f"PR1|1||{repeated(PROCEDURES[half:], 2, ['C4', 'I10P', ''])}||20260112"]
    words = draw(st.sampled_from([[], ["PR1|2||^Kanary^L"], ["DG1|3||^Kanary^L"]]))
    odd = draw(st.sampled_from([[], ["AL1|1||Penicillin"], ["OBX|1|TX|N||x"], ["ZZZ|1"]]))
    keys += ["Kanary"] if words else []
    keys += [segment[:3] for segment in odd]
    segments = [*samples.head("DFT^P03"), *diagnoses, charge, *done, *words, *odd]
    return samples.hl7(*segments), keys


@quickly
@given(visits())
def test_nothing_of_a_visit_s_charges_is_dropped_without_a_word(visit):
    content, keys = visit
    assert untold(content, keys) == []


OBSERVED = st.sampled_from(
    [
        "TX|N^Note||{0}",
        "CWE|N^Note||X^{0}^L",
        "NM|N^{0}||120|mmHg",
        "ZZ|N^{0}||x",
        "ED|N^Note||^TEXT^PLAIN^A^{0}~^TEXT^PLAIN^A^Second{0}",
        "ED|N^Note||^image^{0}^Base64^AAAA",
    ]
)


@quickly
@given(st.lists(OBSERVED, min_size=1, max_size=4))
def test_each_observation_of_a_document_is_text_or_named(observed):
    numbered = [part.format(f"Kanary{at}") for at, part in enumerate(observed)]
    segments = [f"OBX|{at}|{part}||||||F" for at, part in enumerate(numbered, start=1)]
    content = samples.hl7(*samples.head("MDM^T02"), samples.document("D1"), *segments)
    keys = [key for part in numbered for key in re.findall(r"(?:Second)?Kanary\d", part)]
    text = said(samples.dft() + content).lower()
    assert [key for key in keys if key.lower() not in text] == []


@pytest.mark.parametrize(
    "system", ["http://hl7.org/fhir/sid/icd-9-cm", "urn:oid:2.16.840.1.113883.6.103"]
)
def test_a_diagnosis_of_icd_9_rejects_its_item_in_every_format(system):
    parts = samples.visit_resources()
    parts["condition"]["code"] = samples.code(system, "754.30")
    files = [
        samples.bundle(*parts.values()),
        samples.dft().replace(b"DG1|1||Q65.02^^I10", b"DG1|1||754.30^^I9C"),
        samples.claims_file(samples.claim(diagnoses="BK:7543")),
    ]
    for content in files:
        [item] = document(content)["items"]
        assert item["standing"] == "rejected"
        assert "ICD-9" in " ".join(item["problems"])


# The sum.

ELEMENTS = st.lists(
    st.tuples(
        st.sampled_from(["diagnosis", "procedure"]), st.sampled_from(DIAGNOSES[:4] + PROCEDURES[:4])
    )
)
SAID = st.lists(
    st.sampled_from(DIAGNOSES[:4] + PROCEDURES[:4]).map(lambda key: left_out(f"code {key}"))
)


@given(
    ELEMENTS,
    SAID,
    st.lists(st.sampled_from(PROCEDURES[:4])),
    st.lists(st.sampled_from(DIAGNOSES[:4])),
)
def test_what_is_seen_is_taken_or_told(pairs, remarks, codes, diagnoses):
    texts = EncounterTexts(service_lines=tuple(map(LineDraft, codes)), diagnoses=tuple(diagnoses))
    seen = [Element(what, key) for what, key in pairs]
    result = account(seen, texts, remarks)
    assert result.seen == len(seen) == result.taken + result.told_before + result.told_now
    told = account(seen, texts, (*remarks, *result.remarks))
    assert (told.told_now, told.remarks) == (0, ())
