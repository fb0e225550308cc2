"""Elements seen = taken + told: whatever a bundle or a table holds comes out as a value or in words."""

import re

from hypothesis import given
from hypothesis import strategies as st

from coding.intake.columns import PROVING_ROWS
from tests.intake import samples
from tests.intake.accounted import DIAGNOSES, PROCEDURES, quickly, said, untold
from tests.intake.case_files import document

# FHIR: each code that counts wherever it stands, each line, diagnosis and document, each kind of other resource.


@st.composite
def bundles(draw):
    parts, claim = samples.visit_resources(), samples.claim_resource()
    codes, keys = iter(draw(st.permutations(DIAGNOSES))), []
    procedures = iter(draw(st.permutations(PROCEDURES)))

    def put(into, name, system, values):
        if draw(st.booleans()):
            code = next(values)
            into[name] = [*into[name], *samples.code(system, code)["coding"]]
            keys.append(code)

    put(parts["condition"]["code"], "coding", samples.ICD, codes)
    put(parts["procedure"]["code"], "coding", samples.CPT, procedures)
    put(claim["item"][0]["productOrService"], "coding", samples.CPT, procedures)
    put(claim["item"][0]["productOrService"], "coding", "urn:house", procedures)
    parts["encounter"] |= {"type": [{"coding": []}], "reasonCode": [{"coding": []}]}
    put(parts["encounter"]["type"][0], "coding", samples.CPT, procedures)
    put(parts["encounter"]["reasonCode"][0], "coding", samples.ICD, codes)
    claim["item"][0]["detail"] = [{"sequence": 1, "productOrService": {"coding": []}}]
    put(claim["item"][0]["detail"][0]["productOrService"], "coding", samples.CPT, procedures)
    kind = draw(st.sampled_from(["Observation", "AllergyIntolerance", "Immunization"]))
    named = draw(
        st.sampled_from(
            [{}, {"encounter": {"reference": "Encounter/e1"}}, {"encounter": {"reference": "E/x"}}]
        )
    )
    other = {"resourceType": kind, "id": "o9", **named}
    claim["item"][0]["diagnosisSequence"] = draw(st.sampled_from([[2], [2, 4711]]))
    keys += [kind, *(["4711"] if len(claim["item"][0]["diagnosisSequence"]) > 1 else [])]
    return samples.bundle(*parts.values(), claim, other), [
        key for key in keys if not key.startswith("urn")
    ]


@quickly
@given(bundles())
def test_no_code_and_no_resource_of_a_bundle_is_dropped_without_a_word(drawn_bundle):
    content, keys = drawn_bundle
    # A code of a house system beside one that counts is another name of the same service.
    house = re.findall(rb'"urn:house",\s*"code": "(\d+)"', content)
    assert untold(content, [key for key in keys if key.encode() not in house]) == []


# Tables: each column that no field takes, with how many values stand in it; what stands beside no code.


@quickly
@given(
    st.lists(
        st.lists(st.sampled_from(["", "x", "NULL"]), min_size=3, max_size=3), min_size=1, max_size=5
    )
)
def test_each_column_that_no_field_takes_is_told_with_its_values(cells):
    header = "Visit ID,MRN,DOS,POS,Provider,Note,Guarantor,Bed,Ward"
    rows = [
        f"V{at},M{at},2026-05-31,22,Dr A,Left hip.,{','.join(own)}" for at, own in enumerate(cells)
    ]
    text = said("\n".join([header, *rows, ""]).encode())
    for at, name in enumerate(["Guarantor", "Bed", "Ward"]):
        count = sum(own[at] == "x" for own in cells)
        words = f"Left out: the column “{name}”, {count} value{'' if count == 1 else 's'}."
        assert text.count(words) == bool(count)


def test_modifiers_and_units_beside_no_code_are_told():
    header = "Visit ID,MRN,DOS,POS,Provider,Note,CPT1,MOD1,CPT2,MOD2,UNITS2"
    row = "V1,M1,2026-05-31,22,Dr A,Left hip.,27256,LT,,RT,3"
    text = said(f"{header}\n{row}\n".encode())
    assert "Left out: RT, which belongs to no procedure code." in text
    assert "Left out: 3, which belongs to no procedure code." in text


def test_columns_of_a_long_table_are_counted_in_its_first_rows():
    header = "Visit ID,MRN,DOS,POS,Provider,Note,Bed,Ward"
    rows = [
        f"V{at},M{at},2026-05-31,22,Dr A,Left hip.,{'x' if at < 3 else ''},"
        for at in range(PROVING_ROWS + 1)
    ]
    remarks = document("\n".join([header, *rows, ""]).encode())["items"][0]["remarks"]
    assert remarks == [
        "Left out: the column “Bed”, 3 values in the first 1,000 rows.",
        "Left out: the column “Ward”, 0 values in the first 1,000 rows.",
    ]
