"""Envelopes and loops of an X12 file: what ISA, GS, ST and HL open, and what closes them, adds up or is told."""

import io

import pytest

from coding.intake.x12.claims import Claim, Reading, as_separated, begins_another
from coding.intake.x12.segments import Delimiters, Manner, segments
from coding.tables.errors import FileError
from tests.intake.samples import claim, interchange, transaction, x12

MANNER = Manner(Delimiters(b"*", b":", b"~"), wrapped=False)


def seg(text, number=1):
    return MANNER.segment(number, 0, 0, text.encode())


def parts(*lines, finish=True):
    """The claims and remarks of a file with these segments, in its order."""
    reading, read, last = Reading(), [], None
    for last in segments(io.BytesIO(x12(*lines))):
        read += reading.take(last)
    if finish:
        read += reading.finish(last)
    return read


def told(*lines):
    """What is said of a file beside its claims: the place with the problem or the reason."""
    return [
        (part.segment.place, part.problem.text if part.problem else part.reason)
        for part in parts(*lines)
        if not isinstance(part, Claim)
    ]


def claims(*lines):
    return [part for part in parts(*lines) if isinstance(part, Claim)]


GOOD = interchange(transaction(claim("C1"), claim("C2")))


def without(name):
    return [line for line in GOOD if not line.startswith(f"{name}*")]


def changed(old, new):
    assert old in "\n".join(GOOD)
    return "\n".join(GOOD).replace(old, new).split("\n")


# Claims and their loops.


def test_each_claim_stands_below_the_loops_that_are_open():
    first, second = claims(*GOOD)
    assert [own.segments[0].element(1) for own in (first, second)] == ["C1", "C2"]
    assert first.billing == second.billing
    assert [segment.id for segment in first.subscriber] == ["HL", "SBR", "NM1", "DMG", "NM1"]
    assert first.subscriber[2].element(9) == "M-C1"
    assert (first.patient, first.whole) == ((), True)
    assert first.envelope.header[0].id == "ST"
    assert first.envelope.group.id == "GS"


def test_a_claim_ends_where_the_next_level_begins():
    first, second = claims(*GOOD)
    assert first.end == second.subscriber[0].offset
    assert [segment.id for segment in first.segments] == ["CLM", "HI", "NM1", "LX", "SV1", "DTP"]


def test_another_subscriber_or_biller_closes_what_was_below():
    dependent = ["HL*3*2*23*0", "PAT*19", "NM1*QC*1*KID*BO"]
    own = claim("C1")
    with_dependent = [*own[:5], *dependent, *own[5:]]
    first, second = claims(*interchange(transaction(with_dependent, claim("C2"))))
    assert (first.patient[2].element(3), second.patient) == ("KID", ())
    biller = ["HL*4**20*1", "NM1*85*2*OTHER"]
    first, second = claims(*interchange(transaction(with_dependent, [*biller, *own[5:]])))
    assert (second.billing[1].element(3), second.subscriber, second.patient) == ("OTHER", (), ())


def test_a_level_that_is_none_of_the_three_belongs_to_no_claim():
    own = claim("C1")
    odd = [*own[:5], "HL*3*2*99*0", "NM1*QC*1*KID*BO", *own[5:]]
    [read] = claims(*interchange(transaction(odd)))
    assert (read.patient, len(read.subscriber)) == ((), 5)


# What closes and adds up.


def test_a_file_that_adds_up_is_told_nothing_of():
    assert told(*GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("SE*28*0001", "SE*27*0001", "SE", "27 segments are counted here, but there are 28."),
        ("SE*28*0001", "SE**0001", "SE", "No segments are counted here, but there are 28."),
        ("GE*1*7", "GE*2*7", "GE", "2 transactions are counted here, but there are 1."),
        ("IEA*1*", "IEA*0*", "IEA", "0 groups are counted here, but there are 1."),
        (
            "SE*28*0001",
            "SE*28*0002",
            "SE",
            "The control number is not that of segment 3 (ST), 0001.",
        ),
        ("GE*1*7", "GE*1*8", "GE", "The control number is not that of segment 2 (GS), 7."),
        ("IEA*1*000000101", "IEA*1*1", "IEA", "is not that of segment 1 (ISA), 000000101."),
    ],
)
def test_a_trailer_that_does_not_fit_its_header_is_told_and_no_claim_is_lost(
    old, new, place, words
):
    lines = changed(old, new)
    [(where, text)] = told(*lines)
    assert f"({place})" in where
    assert words in text
    assert len(claims(*lines)) == 2


def test_zeros_before_a_count_do_not_matter():
    assert told(*changed("SE*28*", "SE*0028*")) == []


@pytest.mark.parametrize("name", ["SE", "GE"])
def test_a_trailer_that_is_missing_is_told_before_the_next_one(name):
    [(_, text), *_] = told(*without(name))
    assert text == f"{name} is missing before this segment. Export the file again."


def test_an_interchange_that_follows_on_one_that_is_open_closes_it_by_force():
    cut = GOOD[: GOOD.index("SE*28*0001")]
    lines = [*cut, *interchange(transaction(claim("C3")), number="000000102")]
    first, second, third = claims(*lines)
    assert [own.whole for own in (first, second, third)] == [True, False, True]
    assert [text.split(" before")[0] for _, text in told(*lines)] == [
        "SE is missing",
        "GE is missing",
        "IEA is missing",
    ]


def test_a_group_and_a_transaction_close_what_is_open_below_them():
    body = transaction(claim("C1"))
    other = transaction(claim("C2"), number="0002")
    unclosed = [*body[:-1], *other]
    words = [text for _, text in told(*interchange(unclosed))]
    assert words[0].startswith("SE is missing before this segment.")
    lines = interchange(body)
    group = lines.index("GE*1*7")
    twice = [*lines[:group], lines[1], *body, *lines[group:]]
    [(_, text), *_] = told(*twice)
    assert text.startswith("GE is missing before this segment.")


def test_a_trailer_that_closes_nothing_is_told():
    lines = [*GOOD, "GE*1*7"]
    with pytest.raises(FileError, match="no complete ISA"):
        parts(*lines)
    doubled = [*GOOD[:-1], "GE*1*7", GOOD[-1]]
    assert told(*doubled) == [
        (
            f"segment {len(GOOD)} (GE)",
            "This segment closes nothing that is open. Export the file again.",
        )
    ]


def test_a_transaction_outside_of_a_group_is_told_and_brings_no_claim():
    lines = without("GS")
    assert "ISA and GS have to stand before this segment. Export the file again." in [
        text for _, text in told(*lines)
    ]
    assert claims(*lines) == []


def test_a_file_that_ends_early_brings_what_it_holds_and_says_what_it_lacks():
    cut = GOOD[: GOOD.index("SE*28*0001")]
    with pytest.raises(FileError) as error:
        parts(*cut)
    assert str(error.value) == (
        f"The file ends behind segment {len(cut)} (DTP) without SE and GE and IEA: it is cut off."
        " Export it again."
    )
    # The claim that is cut off comes before that is said.
    reading = Reading()
    for last in segments(io.BytesIO(x12(*cut))):
        list(reading.take(last))
    part = next(reading.finish(last))
    assert (part.segments[0].element(1), part.whole) == ("C2", False)


def test_nothing_at_all_is_no_file():
    with pytest.raises(FileError, match="The file is empty"):
        list(Reading().finish(None))


# Other transactions.


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("005010X223A2", "an institutional claim (837I)"),
        ("005010X224A2", "a dental claim (837D)"),
        ("004010X098A1", "an 837 of version 004010X098A1"),
        ("", "an 837 of version unknown"),
    ],
)
def test_a_claim_of_another_kind_or_version_is_named(version, kind):
    other = transaction(claim("C1"), version=version)
    lines = interchange(other, transaction(claim("C2"), number="0002"), version=version)
    places = told(*lines)
    assert places[0] == ("segment 3 (ST)", f"{kind}, no professional claim (837P) of 5010.")
    assert len(claims(*lines)) == 1


def test_the_version_of_the_group_counts_where_the_transaction_tells_none():
    assert len(claims(*interchange(transaction(claim("C1"), version="")))) == 1


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("835", "a remittance advice (835)"),
        ("277", "a claim status answer (277)"),
        ("999", "an acknowledgment (999)"),
        ("850", "a transaction 850"),
    ],
)
def test_another_transaction_is_named_and_what_it_holds_is_passed_over(number, kind):
    other = [f"ST*{number}*0001", "BPR*I*100", "SE*3*0001"]
    lines = interchange(other, transaction(claim("C1"), number="0002"))
    assert [text for _, text in told(*lines)] == [f"{kind}, no professional claim (837P) of 5010."]
    assert len(claims(*lines)) == 1


# Claims within claims, and their separators.


def block(*lines):
    return tuple(seg(line) for line in lines)


def test_a_person_named_within_a_claim_may_be_the_next_ones():
    assert begins_another(block("CLM*C1", "NM1*IL*1*ROE"))
    assert begins_another(block("CLM*C1", "LX*1", "NM1*QC*1*ROE"))
    assert not begins_another(block("CLM*C1", "NM1*82*1*ROE"))
    # The subscriber of another payer stands behind its SBR, up to the lines.
    assert not begins_another(block("CLM*C1", "SBR*S", "NM1*IL*1*ROE", "LX*1"))
    assert begins_another(block("CLM*C1", "SBR*S", "LX*1", "NM1*IL*1*ROE"))


def test_what_such_a_claim_named_is_not_the_next_ones_either():
    own = claim("C1")
    within = [*own, "NM1*IL*1*OTHER*BO****MI*M9"]
    second = own[5:]
    first, following = claims(*interchange(transaction([*within, *second])))
    assert first.subscriber != ()
    assert (following.subscriber, following.patient) == ((), ())


def test_a_claim_may_separate_its_components_by_a_sign_of_its_own():
    own = as_separated(block("CLM*C1*100***11>B>1", "SV1*HC>12345>LT"))
    assert own[1].components(1) == ["HC", "12345", "LT"]
    usual = as_separated(block("CLM*C1*100***11:B:1", "SV1*HC:12345"))
    assert usual[1].components(1) == ["HC", "12345"]
    # What is no place of service shows no separator.
    odd = as_separated(block("CLM*C1*100***11>B-1", "SV1*HC>12345"))
    assert odd[1].components(1) == ["HC>12345"]
