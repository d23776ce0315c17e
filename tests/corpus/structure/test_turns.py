import pytest

from corpus.records import Role
from corpus.structure.rows import rows
from corpus.structure.turns import Found, detect

INTRO = (
    "A Harbour in Winter\n\nMira Solberg\n\nMira Solberg "
    "runs the port. The interview was conducted by Jon Ek.\n\n"
)


def found(text: str) -> Found:
    result = detect(text, rows(text))
    for turn in result.turns:
        assert text[turn.label_span.start : turn.label_span.end].strip("*_").startswith(turn.label[0])
        assert text[turn.span.start : turn.span.end].strip() == text[turn.span.start : turn.span.end]
        assert turn.paragraphs[0].start == turn.span.start
        assert turn.paragraphs[-1].end == turn.span.end
    return result


def who(text: str) -> list[tuple[str, Role | None]]:
    return [(turn.speaker, turn.role) for turn in found(text).turns]


ASK, SAY = Role.INTERVIEWER, Role.INTERVIEWEE


def test_labels_on_their_own_lines_are_resolved_to_full_names() -> None:
    text = INTRO + (
        "North Review:\n\nHow is the ice?\n\nSolberg:\n\nThick this year.\n\nWe cut it daily.\n\n"
        "North Review:\n\nAnd the ships?\n\nSolberg:\n\nThey wait.\n"
    )
    assert who(text) == [("North Review", ASK), ("Mira Solberg", SAY)] * 2
    second = found(text).turns[1]
    assert [text[p.start : p.end] for p in second.paragraphs] == ["Thick this year.", "We cut it daily."]
    assert text[second.label_span.start : second.label_span.end] == second.label == "Solberg:"


@pytest.mark.parametrize(
    ("ask", "say"),
    [
        ("Q: ", "A: "),
        ("**Q:** ", "**A:** "),
        ("Q. ", "A. "),
        ("INTERVIEWER: ", "RESPONDENT: "),
        ("Interviewer: ", "Guest: "),
    ],
)
def test_labels_that_name_roles(ask: str, say: str) -> None:
    text = f"{ask}Is it cold?\n\n{say}It is cold.\n\n{ask}Why is that?\n\n{say}The wind, mostly.\n"
    assert [turn.role for turn in found(text).turns] == [ASK, SAY, ASK, SAY]


def test_an_answer_label_is_the_one_person_who_is_introduced() -> None:
    text = (
        "A conversation with Mira Solberg.\n\nQ: Is it cold?\n\nA: It is.\n\nQ: And dark?\n\nA: Dark too.\n"
    )
    assert [turn.speaker for turn in found(text).turns] == ["Q", "Mira Solberg", "Q", "Mira Solberg"]


@pytest.mark.parametrize(
    "form", ["{}: ", "**{}:** ", "**{}**: ", "[00:01:02] {}: ", "{} (on the phone): ", "– {}: "]
)
def test_labels_that_lead_the_paragraph(form: str) -> None:
    a, b = form.format("Jon Ek"), form.format("Solberg")
    text = INTRO + f"{a}Is it cold?\n\n{b}It is cold.\n\n{a}Why is that?\n\n{b}The wind, mostly.\n"
    assert who(text) == [("Jon Ek", ASK), ("Mira Solberg", SAY)] * 2
    assert text[slice(found(text).turns[1].span.start, found(text).turns[1].span.end)] == "It is cold."


def test_labels_in_capitals_are_resolved() -> None:
    text = INTRO + "EK: Is it cold?\nSOLBERG: It is cold.\nEK: Why is that?\nSOLBERG: The wind, mostly.\n"
    assert who(text) == [("Jon Ek", ASK), ("Mira Solberg", SAY)] * 2


def test_initials_are_resolved() -> None:
    text = INTRO + "JE: Is it cold?\n\nMS: It is cold.\n\nJE: Why is that?\n\nMS: The wind, mostly.\n"
    assert who(text) == [("Jon Ek", ASK), ("Mira Solberg", SAY)] * 2


def test_a_panel_has_a_moderator_and_guests() -> None:
    text = (
        "MODERATOR: Welcome. Ann Lee, what do you see?\n\nANN LEE: Rain.\n\nMODERATOR: And you, Bo Ruiz?\n\n"
        "BO RUIZ: Sun, of course.\n\nANN LEE: He always does.\n\n"
        "MODERATOR: Shall we stop here?\n\nBO RUIZ: Yes.\n"
    )
    assert [turn.role for turn in found(text).turns] == [ASK, SAY, ASK, SAY, SAY, ASK, SAY]


def test_a_guest_who_is_called_by_surname_once_is_not_lost() -> None:
    text = (
        "ANN LEE: Who owns it?\n\nBO RUIZ: Nobody does.\n\nLEE: And you?\n\nCY FOX: I would say we all.\n\n"
        "RUIZ: Use is no property.\n\nLEE: Is there a middle way?\n\nFOX: There is.\n"
    )
    lee, ruiz, fox = ("Ann Lee", ASK), ("Bo Ruiz", SAY), ("Cy Fox", SAY)
    assert who(text) == [lee, ruiz, lee, fox, ruiz, lee, fox]


def test_a_debate_in_which_nobody_asks_has_no_roles() -> None:
    text = "Ann Lee: It rains.\n\nBo Ruiz: It does not.\n\nAnn Lee: Look outside.\n\nBo Ruiz: I did look.\n"
    assert who(text) == [("Ann Lee", None), ("Bo Ruiz", None)] * 2
    assert found(text).notes == ("a dialogue without certain roles: nobody clearly asks",)


def test_two_people_of_one_surname_stay_unresolved() -> None:
    text = (
        "Ann Lee and Tom Lee met Bo Ruiz.\n\nLee: It rains.\n\n"
        "Ruiz: No.\n\nLee: It does rain.\n\nRuiz: Well.\n"
    )
    assert who(text)[0] == ("Lee", None)
    assert "'Lee' may be Ann Lee or Tom Lee" in found(text).notes


def test_a_heading_parts_turns_and_ends_the_last() -> None:
    text = (
        "Ann Lee:\n\nDo you?\n\nBo Ruiz:\n\nI do.\n\n2. MORE\n\nAnn "
        "Lee:\n\nWhy so?\n\nBo Ruiz:\n\nWell.\n\nNOTES\n\nNo turn.\n"
    )
    all_rows = rows(text)
    heads = [row.span for row in all_rows if row.text in ("2. MORE", "NOTES")]
    said = [text[t.span.start : t.span.end] for t in detect(text, all_rows, heads).turns]
    assert said == ["Do you?", "I do.", "Why so?", "Well."]


def test_a_note_of_the_editors_is_in_no_turn() -> None:
    text = (
        "Ann Lee: Do you?\n\nBo Ruiz: I do.\n\nAnn Lee: Why "
        "so?\n\nBo Ruiz: Well.\n\n*This talk was shortened.*\n"
    )
    last = found(text).turns[-1]
    assert text[last.span.start : last.span.end] == "Well."


@pytest.mark.parametrize(
    "text",
    [
        (
            "Harbour: a place for ships.\n\nQuay: a wall to tie them "
            "to.\n\nMole: a wall against waves.\n\nPier: a bridge.\n"
        ),
        (
            "Note: figures are rounded.\n\nSource: own count.\n\n"
            "Note: as above.\n\nSource: as above.\n\nNote: more.\n"
        ),
        "10:30 Coffee.\n\n11:00 Talks.\n\n12:30 Lunch.\n\n13:30 Tour.\n\n14:00 End.\n",
        (
            "Background:\n\nIt rained.\n\nPolicy:\n\nUmbrellas were "
            "bought.\n\nResults:\n\nAll stayed dry.\n\nOutlook:\n\nSun.\n"
        ),
        "Name: Ann Lee\nBorn: 1970\n\nName: Bo Ruiz\nBorn: 1980\n\nName: Cy Fox\nBorn: 1990\n",
        (
            "Harbours: three of them work.\n\nRoads: two are "
            "open.\n\nHarbours: one closed.\n\nRoads: both closed.\n"
        ),
        (
            "The minister said: we wait. The mayor said: we go.\n\n"
            "He added: all is well.\n\nShe added: it is not.\n"
        ),
        "To: Ann Lee\nFrom: Bo Ruiz\nSubject: Ice\n\nTo: Bo Ruiz\nFrom: Ann Lee\nSubject: Ice\n",
        (
            "See http://example.org: a page.\n\nhttps://example.org\n\n"
            "mailto:ann@example.org\n\nhttps://example.com\n"
        ),
        "",
    ],
)
def test_what_is_no_dialogue(text: str) -> None:
    assert found(text).turns == ()


HEARING = (
    "THE COURT: Mr. Dunne appears for the operator.\n\nMR. DUNNE: I call the ferryman.\n\n"
    "Q. Does it run at night?\n\nA. When somebody rings.\n\nMRS. DUNNE: I have not seen the book.\n\n"
    "MR. DUNNE: She may have it now.\n\nQ. Who answers the bell?\n\nA. I do.\n\nTHE COURT: We stop there.\n\n"
    "MRS. DUNNE: The parish is obliged.\n"
)


def test_a_mr_and_a_mrs_of_one_name_are_two_speakers() -> None:
    spoken = [speaker for speaker, _ in who(HEARING)]
    assert spoken == [
        "The Court",
        "Mr. Dunne",
        "Q",
        "A",
        "Mrs. Dunne",
        "Mr. Dunne",
        "Q",
        "A",
        "The Court",
        "Mrs. Dunne",
    ]


def test_where_labels_say_who_asks_and_answers_nobody_else_does() -> None:
    assert {speaker: role for speaker, role in who(HEARING) if role} == {"Q": ASK, "A": SAY}


def test_a_form_of_address_alone_makes_nobody_else() -> None:
    text = INTRO + (
        "Jon Ek: Is it cold?\n\nMrs. Solberg: It is cold.\n\nJon Ek: Why?\n\nSolberg: The wind.\n\n"
        "Jon Ek: Still?\n\nMrs. Solberg: Always.\n"
    )
    assert {speaker for speaker, _ in who(text)} == {"Jon Ek", "Mira Solberg"}


def test_people_in_the_audience_have_turns() -> None:
    text = INTRO + (
        "Jon Ek: We have time for questions.\n\nAudience member: Is it cold?\n\nSolberg: It is cold.\n\n"
        "Audience member: And the ships?\n\nSolberg: They wait.\n"
    )
    assert [speaker for speaker, _ in who(text)] == [
        "Jon Ek",
        "Audience member",
        "Mira Solberg",
        "Audience member",
        "Mira Solberg",
    ]


def test_who_asks_may_be_said_before_the_talk() -> None:
    text = "Interviewer: Jon Ek\n\nEk: Is it cold?\n\nSolberg: It is.\n\nEk: Why?\n\nSolberg: The wind.\n"
    result = found(text)
    assert [turn.speaker for turn in result.turns] == ["Jon Ek", "Solberg"] * 2
    assert result.interviewers == ("Jon Ek",)
