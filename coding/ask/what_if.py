"""Lines that somebody thinks of, checked as a claim: no patient is needed."""

from coding.ask.answer import Answer, Line, section
from coding.ask.knowledge import CHECKS, Knowledge, finding_line, finding_lines
from coding.ask.question import Question
from coding.claim import Severity

NAME = "what-if"
UNCHECKED = "No diagnoses and no history were given, so nothing was checked by them."
# A claim of CMS-1500 has six, one in X12 fifty.
MOST_LINES = 50
WORDS = ("what", "if", "lines", "claim", "check")


def example(codes: tuple[str, ...]) -> str:
    return f"what if: {codes[0]} x2; {codes[1]}"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """The findings on the lines, if the text is nothing but lines."""
    lines = question.lines
    if not lines or len(lines) > MOST_LINES:
        return None
    tables = knowledge.look_up({code for code, _, _ in lines})
    findings = knowledge.findings(lines, tables)
    serious = [finding for finding in findings if finding.severity is not Severity.INFO]
    infos = [finding for finding in findings if finding.severity is Severity.INFO]
    sections = (
        *section("Findings", finding_lines(serious)),
        *section("For information", map(finding_line, infos)),
        *section("Not checked", [Line(UNCHECKED, CHECKS)]),
    )
    return Answer(NAME, _title(len(serious)), sections)


def _title(findings: int) -> str:
    if not findings:
        return "No check speaks against these lines"
    if findings == 1:
        return "One finding on these lines"
    return f"{findings} findings on these lines"
