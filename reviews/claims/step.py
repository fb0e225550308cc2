"""What the checks say of an encounter's claim, what they propose, and what coders answered to both.

Proposals are made of the lines as they stand; findings, of what they become by the proposals that were taken over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from coding.claim import Claim, Finding, Line, LineContent, Proposal, Severity, TakenLine
from coding.decision import content_hash
from coding.models import Encounter
from coding.reference.claim_checks import checks_in_force
from coding.reference.claim_tables import ClaimTables
from reviews.claims.answers import taken_of
from reviews.claims.claim import claim_lines_of, claim_of
from reviews.coding_form.ledger import LedgerRow
from reviews.models import FindingOverride, ProposalAnswer


@dataclass(frozen=True, slots=True)
class Named:
    """The lines that something speaks of, the one to change first: their rows of the ledger, and what they say."""

    rows: tuple[LedgerRow, ...]
    contents: tuple[LineContent, ...]
    key: str

    @property
    def services(self) -> tuple[LedgerRow, ...]:
        """A row of each of its services: where its lines are changed, the one to change first."""
        return tuple({row.service.pk: row for row in self.rows}.values())

    @property
    def codes(self) -> str:
        """The codes of its lines, as people read them."""
        return ", ".join(dict.fromkeys(content.code for content in self.contents))


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its lines, and what its coder answered to it."""

    finding: Finding
    named: Named
    override: FindingOverride | None

    @property
    def codes(self) -> str:
        """The codes of its lines."""
        return self.named.codes

    @property
    def is_open(self) -> bool:
        """Whether it speaks against the claim, and nobody answers for it."""
        return self.finding.severity is not Severity.INFO and self.override is None

    @property
    def can_be_overridden(self) -> bool:
        """Whether its lines are coded: before that they are changed, not argued about."""
        rows = self.named.rows
        are_coded = bool(rows) and all(row.decision or row.final for row in rows)
        return self.is_open and are_coded


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal with its lines, and the latest answer to it."""

    proposal: Proposal
    named: Named
    answer: ProposalAnswer | None

    @property
    def is_taken(self) -> bool:
        """Whether the report has it."""
        return self.answer is not None and self.answer.taken


@dataclass(frozen=True, slots=True)
class ClaimFindings:
    """What speaks against a claim, what was not checked or is for information, and what is proposed of its lines."""

    serious: list[ShownFinding]
    infos: list[ShownFinding]
    proposals: list[ShownProposal]

    @property
    def open_errors(self) -> list[ShownFinding]:
        """For what the claim would be denied, if nobody answers for it."""
        return self._open_of(Severity.ERROR)

    @property
    def open_warnings(self) -> list[ShownFinding]:
        """For what it may be denied, if nobody answers for it."""
        return self._open_of(Severity.WARNING)

    def _open_of(self, severity: Severity) -> list[ShownFinding]:
        of_severity = [shown for shown in self.serious if shown.finding.severity is severity]
        return [shown for shown in of_severity if shown.is_open]

    @property
    def open_proposals(self) -> list[ShownProposal]:
        """What can be taken over and is not answered."""
        return [shown for shown in self.proposals if shown.answer is None]

    def finding(self, key: str) -> ShownFinding | None:
        """The finding of a key."""
        return next((shown for shown in self.serious if shown.named.key == key), None)

    def proposal(self, key: str) -> ShownProposal | None:
        """The proposal of a key."""
        return next((shown for shown in self.proposals if shown.named.key == key), None)


def key_of(check: str, rests_on: str, contents: Sequence[LineContent]) -> str:
    """What an answer is bound to: a line that changes, or another row of the table, asks again."""
    return content_hash([check, rests_on, [content.to_data() for content in contents]])


class NamedLines:
    """The lines of a claim, by which what is said of them is bound to what they say.

    ``rows`` are those of the ledger by the numbers of lines: of a line that stands for others, theirs too.
    """

    def __init__(self, claim: Claim, rows: Mapping[int, tuple[LedgerRow, ...]]) -> None:
        self.claim = claim
        self.rows = rows
        self._contents = {line.number: self._content(line) for line in claim.lines}

    @property
    def contents(self) -> list[LineContent]:
        """What the lines say, in their order."""
        return list(self._contents.values())

    def of(self, check: str, spoken: Finding | Proposal) -> Named:
        """The lines that a check speaks of."""
        rows: list[LedgerRow] = []
        contents = []
        for number in spoken.lines:
            rows += self.rows[number]
            contents.append(self._contents[number])
        key = key_of(check, spoken.rests_on, contents)
        return Named(tuple(rows), tuple(contents), key)

    def _content(self, line: Line) -> LineContent:
        service = self.rows[line.number][0].service.number
        modifiers = tuple(sorted(line.modifiers))
        diagnoses = tuple(self.claim.diagnoses_of(line))
        return LineContent(service, line.code, modifiers, line.units, diagnoses)


def findings_of(encounter: Encounter, ledger: Iterable[LedgerRow]) -> ClaimFindings:
    """What the checks say of an encounter's lines by the tables of its day, in a fixed number of queries."""
    diagnoses = tuple(diagnosis.code for diagnosis in encounter.diagnoses.all())
    claim_lines = list(claim_lines_of(ledger, diagnoses))
    if not claim_lines:
        return ClaimFindings([], [], [])

    claim = claim_of(encounter, claim_lines, diagnoses)
    codes = {line.code for line in claim.lines}
    if claim.history:
        codes |= {line.code for line in claim.history}
    tables = ClaimTables(claim.day, claim.payer, codes, diagnoses).read()
    checks = checks_in_force()

    answers = list(encounter.proposalanswers.all())
    rows = {claim_line.line.number: (claim_line.row,) for claim_line in claim_lines}
    bare = NamedLines(claim, rows)
    proposals = _proposals(checks.proposals(claim, tables), bare, answers)

    reported = _with_taken(bare, taken_of(bare.contents, answers))
    shown = _findings(checks.findings(reported.claim, tables), reported, encounter)
    serious = [item for item in shown if item.finding.severity is not Severity.INFO]
    infos = [item for item in shown if item.finding.severity is Severity.INFO]
    return ClaimFindings(serious, infos, proposals)


def _findings(
    findings: Iterable[Finding], lines: NamedLines, encounter: Encounter
) -> list[ShownFinding]:
    answered = encounter.findingoverrides.select_related("answered_by")
    overrides = {override.key: override for override in answered}
    shown = []
    for finding in findings:
        named = lines.of(finding.check, finding)
        shown.append(ShownFinding(finding, named, overrides.get(named.key)))
    return shown


def _proposals(
    proposals: Iterable[Proposal], lines: NamedLines, answers: Iterable[ProposalAnswer]
) -> list[ShownProposal]:
    latest = {answer.key: answer for answer in answers}
    shown = []
    for proposal in proposals:
        named = lines.of(proposal.id, proposal)
        shown.append(ShownProposal(proposal, named, latest.get(named.key)))
    return shown


def _with_taken(bare: NamedLines, taken: Iterable[TakenLine]) -> NamedLines:
    """The lines as they will be reported; they keep their numbers."""
    lines, rows = [], {}
    for become in taken:
        pointers: list[int] = []
        named_rows: list[LedgerRow] = []
        for place in become.places:
            line = bare.claim.lines[place]
            pointers += line.pointers
            named_rows += bare.rows[line.number]

        first = bare.claim.lines[become.places[0]]
        lines.append(
            replace(
                first,
                modifiers=become.modifiers,
                units=become.units,
                pointers=tuple(dict.fromkeys(pointers)),
            )
        )
        rows[first.number] = tuple(named_rows)
    return NamedLines(replace(bare.claim, lines=tuple(lines)), rows)
