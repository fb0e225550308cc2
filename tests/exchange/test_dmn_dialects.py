"""DMN as other tools write it: each dialect by a file in its style, and what becomes of names, types and outputs."""

import pytest

from coding.decision import RuleTable, TableError
from coding.exchange.dmn_read import read_dmn

CAMUNDA = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn11.xsd" xmlns:camunda="http://camunda.org/schema/1.0/dmn"
  id="Definitions_1bhpx4p" name="DRD" namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="dressing" name="Dressing">
    <decisionTable id="decisionTable_1" hitPolicy="FIRST">
      <input id="input_1" label="Depth of the wound" camunda:inputVariable="depth">
        <inputExpression id="expression_1" typeRef="string"><text>depth</text></inputExpression>
      </input>
      <input id="InputClause_0k"><inputExpression id="LiteralExpression_0k" typeRef="double">
        <text>length</text></inputExpression></input>
      <output id="output_1" label="Dressing code" name="dressing" typeRef="string" />
      <rule id="DecisionRule_0f0e0d0c-1b2a"><description>Ward list 4</description>
        <inputEntry id="u1"><text><![CDATA["deep","very deep"]]></text></inputEntry>
        <inputEntry id="u2"><text><![CDATA[> 2.5]]></text></inputEntry>
        <outputEntry id="l1"><text>"A1"</text></outputEntry></rule>
      <rule id="row-2"><inputEntry id="u3"><text></text></inputEntry><inputEntry id="u4"><text/></inputEntry>
        <outputEntry id="l2"><text>"A2"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
FLOWABLE = """<definitions xmlns="http://www.omg.org/spec/DMN/20151101" id="definition_1" name="visits"
  namespace="http://www.flowable.org/dmn" expressionLanguage="http://www.omg.org/spec/FEEL/20140401">
  <decision id="visits" name="Visits"><decisionTable id="decisionTable_11" hitPolicy="ANY">
    <input label="Minutes"><inputExpression id="inputExpression_1" typeRef="number"><text>minutes</text>
    </inputExpression></input>
    <output id="outputExpression_4" label="Level" name="level" typeRef="string"></output>
    <rule><inputEntry id="i1"><text><![CDATA[< 20]]></text></inputEntry>
      <outputEntry id="o1"><text><![CDATA["low"]]></text></outputEntry></rule>
    <rule><inputEntry id="i2"><text><![CDATA[>= 20]]></text></inputEntry>
      <outputEntry id="o2"><text><![CDATA["high"]]></text></outputEntry></rule>
  </decisionTable></decision></definitions>"""
TRISOTECH = """<semantic:definitions xmlns:semantic="http://www.omg.org/spec/DMN/20180521/MODEL/"
  xmlns:triso="http://www.trisotech.com/2015/triso/modeling" xmlns:feel="http://www.omg.org/spec/DMN/20180521/FEEL/"
  expressionLanguage="http://www.omg.org/spec/DMN/20180521/FEEL/" id="_1" name="Site of service">
  <semantic:itemDefinition name="tPlace"><semantic:typeRef>string</semantic:typeRef>
    <semantic:allowedValues><semantic:text>"office","ward","home"</semantic:text></semantic:allowedValues>
  </semantic:itemDefinition>
  <semantic:inputData id="_2" name="Place of Service">
    <semantic:variable id="_3" name="Place of Service" typeRef="tPlace"/></semantic:inputData>
  <semantic:decision id="_4" name="Site code"><semantic:variable id="_5" name="Site code" typeRef="number"/>
    <semantic:decisionTable hitPolicy="UNIQUE" preferredOrientation="Rule-as-Row" outputLabel="Site code">
      <semantic:input id="_6"><semantic:inputExpression><semantic:text>Place of Service</semantic:text>
      </semantic:inputExpression></semantic:input>
      <semantic:output id="_7"/>
      <semantic:annotation name="Source"/>
      <semantic:rule id="_0f0e0d0c-0000-4000-8000-000000000001">
        <semantic:inputEntry><semantic:text>"office"</semantic:text></semantic:inputEntry>
        <semantic:outputEntry><semantic:text>11</semantic:text></semantic:outputEntry>
        <semantic:annotationEntry><semantic:text>Manual, chapter 26</semantic:text></semantic:annotationEntry>
      </semantic:rule>
      <semantic:rule id="_0f0e0d0c-0000-4000-8000-000000000002">
        <semantic:inputEntry><semantic:text>not("office")</semantic:text></semantic:inputEntry>
        <semantic:outputEntry><semantic:text>22</semantic:text></semantic:outputEntry>
        <semantic:annotationEntry><semantic:text/></semantic:annotationEntry>
      </semantic:rule>
    </semantic:decisionTable></semantic:decision></semantic:definitions>"""
DMN_JS = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="a" name="DRD" namespace="b">
  <decision id="Decision_1" name="Sedation"><decisionTable id="DecisionTable_1">
    <input id="Input_1" label="awake"><inputExpression id="InputExpression_1" typeRef="boolean"><text>awake</text>
    </inputExpression></input>
    <output id="Output_1" name="" typeRef="string"/>
    <rule id="DecisionRule_1"><inputEntry id="U1"><text>true</text></inputEntry>
      <outputEntry id="L1"><text>"none"</text></outputEntry></rule>
    <rule id="DecisionRule_2"><inputEntry id="U2"><text>false</text></inputEntry>
      <outputEntry id="L2"><text>"deep"</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""
TCK = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="0004" namespace="c">
  <itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..120]</text></allowedValues>
  </itemDefinition>
  <decision name="Approval" id="d1"><variable name="Approval" typeRef="string"/>
    <informationRequirement id="r"><requiredInput href="#i1"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE" outputLabel="Approval">
      <input id="x" label="Age"><inputExpression typeRef="tAge"><text>Age</text></inputExpression></input>
      <output id="y"><defaultOutputEntry><text>"Standard"</text></defaultOutputEntry></output>
      <rule id="z1"><inputEntry><text>&lt;18</text></inputEntry><outputEntry><text>"Best"</text></outputEntry></rule>
      <rule id="z2"><inputEntry><text>(65..120]</text></inputEntry><outputEntry><text>"Good"</text></outputEntry></rule>
    </decisionTable></decision>
  <decision name="Other" id="d2"><literalExpression><text>Age * 2</text></literalExpression></decision>
  <inputData id="i1" name="Age"><variable name="Age" typeRef="tAge"/></inputData></definitions>"""


def read(text: str, **options: str) -> RuleTable:
    return read_dmn(text.encode(), **options)


def refusal(text: str, **options: str) -> str:
    with pytest.raises(TableError) as caught:
        read(text, **options)
    return str(caught.value)


def test_camunda() -> None:
    table = read(CAMUNDA)
    depth, length = table.facts
    assert [choice.label for choice in depth.choices] == ["deep", "very deep", "Other"]
    assert (length.key, length.decimals) == ("length", 1)
    first, second = table.to_document()["rules"]
    assert first["rows"] == [
        {"depth": {"in": ["deep", "very_deep"]}, "length": {"between": [26, None]}}
    ]
    assert (first["id"], first["code"], first["basis"]) == ("R1", "A1", "Ward list 4")
    assert (second["id"], second["rows"]) == ("row-2", [{}])


def test_flowable() -> None:
    table = read(FLOWABLE)
    assert [rule.code for rule in table.rules] == ["low", "high"]
    assert table.hit_policy == "first"


def test_trisotech() -> None:
    table = read(TRISOTECH)
    [place] = table.facts
    assert (place.key, place.label) == ("Place_of_Service", "Place of Service")
    assert [choice.value for choice in place.choices] == ["office", "ward", "home"]
    assert [(rule.id, rule.code) for rule in table.rules] == [("R1", "11"), ("R2", "22")]
    assert table.rules[0].basis == "Manual, chapter 26"


def test_dmn_js() -> None:
    table = read(DMN_JS)
    assert [(fact.key, fact.kind) for fact in table.facts] == [("awake", "yes_no")]
    assert table.hit_policy == "unique"


def test_the_tck() -> None:
    table = read(TCK)
    [age] = table.facts
    assert (age.minimum, age.maximum) == (0, 120)
    assert [(rule.code, bool(rule.rows[0])) for rule in table.rules] == [
        ("Best", True), ("Good", True), ("Standard", False)
    ]  # fmt: skip
    assert any("other decisions, which were not read: Other" in note for note in table.notes)


def test_of_several_decisions_one_is_chosen_by_its_name() -> None:
    two = CAMUNDA.replace("</definitions>", DMN_JS[DMN_JS.index("<decision ") :])
    assert (
        refusal(two)
        == "The file holds several decisions with a table. Choose one of “Dressing”, “Sedation”."
    )
    assert read(two, decision="Sedation").name == "Sedation"
    assert "No single decision with a table is called “Sleep”" in refusal(two, decision="Sleep")


def test_of_several_outputs_the_code_is_read_and_the_others_are_kept_in_the_message() -> None:
    output = '<output id="output_1" label="Dressing code" name="dressing" typeRef="string" />'
    text = CAMUNDA.replace(output, output + '<output name="price" typeRef="number"/>')
    for code, price in (("A1", 5), ("A2", 7)):
        entry = f'<text>"{code}"</text></outputEntry>'
        text = text.replace(entry, f"{entry}<outputEntry><text>{price}</text></outputEntry>")
    first = read(text).rules[0]
    assert (first.code, first.message) == ("A1", "By rule R1. price: 5")
    assert [rule.code for rule in read(text, output="price").rules] == ["5", "7"]
    assert "No single output is called “cost”. The table has “dressing”, “price”." in refusal(
        text, output="cost"
    )


@pytest.mark.parametrize("policy", ["PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_other_hit_policies_are_refused_by_name(policy: str) -> None:
    assert f"The hit policy {policy} is not read" in refusal(FLOWABLE.replace("ANY", policy))


def test_rules_of_any_that_end_otherwise_may_not_meet() -> None:
    message = refusal(FLOWABLE.replace("< 20", "<= 20"))
    assert (
        message
        == "rule 1 (no id) and rule 2 (no id) can apply together. The hit policy ANY does not allow it."
    )


@pytest.mark.parametrize(
    "language", ["juel", "javascript", "groovy", "http://www.omg.org/spec/JUEL"]
)
@pytest.mark.parametrize(
    ("element", "words"),
    [("inputEntry", "true"), ("inputExpression", "awake"), ("outputEntry", '"none"')],
)
def test_another_language_is_refused_by_name_wherever_it_stands(
    language: str, element: str, words: str
) -> None:
    text = DMN_JS.replace(f"<{element} ", f'<{element} expressionLanguage="{language}" ', 1)
    assert f"“{words}” is written in {language}, which is not read: only FEEL is." in refusal(text)


def test_another_language_of_the_whole_file_is_refused_by_name() -> None:
    text = DMN_JS.replace("<definitions ", '<definitions expressionLanguage="groovy" ')
    assert "is written in groovy" in refusal(text)


def test_a_namespace_that_is_not_read_is_named() -> None:
    text = DMN_JS.replace("20191111/MODEL/", "20130901")
    assert "of “https://www.omg.org/spec/DMN/20130901”" in refusal(text)


def test_a_column_that_a_tool_added_empty_is_left_out() -> None:
    expression = '<inputExpression id="e" typeRef="string"><text></text></inputExpression>'
    empty = f'<input id="Input_2">{expression}</input><output'
    text = DMN_JS.replace("<output ", f"{empty} ").replace(
        "</inputEntry>", "</inputEntry><inputEntry><text>-</text></inputEntry>"
    )
    assert [fact.key for fact in read(text).facts] == ["awake"]
    tested = text.replace("<text>-</text>", '<text>"x"</text>', 1)
    assert "has neither an expression nor a label. Name it." in refusal(tested)


def test_a_column_without_an_expression_is_read_by_its_label() -> None:
    text = CAMUNDA.replace("<text>depth</text>", "<text></text>")
    table = read(text.replace('label="Depth of the wound"', 'label="Depth (of the wound)"'))
    assert [fact.key for fact in table.facts] == ["Depth_of_the_wound", "length"]
    assert table.facts[0].label == "Depth (of the wound)"
    said = "The file gives no expression for “Depth (of the wound)”: read by the label."
    assert said in table.notes


def test_several_outputs_need_no_names() -> None:
    output = '<output id="output_1" label="Dressing code" name="dressing" typeRef="string" />'
    text = CAMUNDA.replace(output, '<output/><output typeRef="string"/>')
    for code in ("A1", "A2"):
        entry = f'<text>"{code}"</text></outputEntry>'
        text = text.replace(entry, f"{entry}<outputEntry><text>null</text></outputEntry>")
    assert [rule.code for rule in read(text).rules] == ["A1", "A2"]


def test_results_in_single_quotes_are_texts_and_such_tests_are_refused() -> None:
    table = read(FLOWABLE.replace('["low"]', "['low']"))
    assert [rule.code for rule in table.rules] == ["low", "high"]
    refused = refusal(FLOWABLE.replace("[< 20]", "[== 'few']"))
    assert 'FEEL writes texts in double quotes: "…".' in refused


@pytest.mark.parametrize(
    ("flowable", "plain"),
    [("== 20", "20"), ("= 20", "20"), ("!= 20", "not(20)"), ("!=20", "not(20)")],
)
def test_signs_of_equality_say_what_the_literal_says(flowable: str, plain: str) -> None:
    signed = FLOWABLE.replace("[< 20]", f"[{flowable}]").replace('"ANY"', '"FIRST"')
    bare = FLOWABLE.replace("[< 20]", f"[{plain}]").replace('"ANY"', '"FIRST"')
    assert read(signed).content_hash == read(bare).content_hash


@pytest.mark.parametrize("cell", ["!= 20, 30", "== minutes", "=> 20", "? > 5"])
def test_other_signs_are_refused(cell: str) -> None:
    assert "is not among the tests that are read" in refusal(
        FLOWABLE.replace("[< 20]", f"[{cell}]")
    )


@pytest.mark.parametrize(
    "element", ['<decision id="visits"', '<decisionTable id="decisionTable_11"']
)
def test_another_language_of_the_decision_is_refused_too(element: str) -> None:
    assert "written in groovy" in refusal(
        FLOWABLE.replace(element, f'{element} expressionLanguage="groovy"')
    )
