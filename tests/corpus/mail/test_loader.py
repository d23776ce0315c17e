"""Messages: headers are the record, plain text counts before HTML, attachments are named and not read."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from corpus.errors import UnreadableError
from corpus.load import load
from corpus.mail.loader import read
from corpus.manuscript import Manuscript
from corpus.media import EML, PLAIN, told

TOP = "From: Ann Lee <ann@example.org>\nTo: bob@example.org\nSubject: On Water\n"
TOP += "Date: Tue, 03 Mar 2020 10:01:02 +0100\n"
ABOVE = "From: Ann Lee <ann@example.org>\nTo: bob@example.org\nDate: 3 March 2020, 10:01"


def mail(body: str, headers: str = "") -> bytes:
    return f"{TOP}MIME-Version: 1.0\n{headers}\n{body}".encode()


def shown(manuscript: Manuscript) -> list[tuple[str, str]]:
    return [(b.kind.value, manuscript.text[b.span.start : b.span.end]) for b in manuscript.blocks]


def texts(body: str, headers: str = "") -> list[str]:
    return [text for _, text in shown(read(mail(body, headers), "x.eml"))[2:]]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (mail("Water."), "x.eml", EML),
        (b"X-Other: y\r\n folded\r\nReceived: z\r\n\r\nWater.", "X.EML", EML),
        (mail("Water."), "x.txt", PLAIN),
        (b"Water.\n\nFrom: Ann", "x.eml", PLAIN),
    ],
)
def test_headers_at_the_top_tell_a_message_that_is_called_one(data: bytes, name: str, kind: str) -> None:
    assert told(data, name) == kind


def test_the_record_is_what_the_headers_say() -> None:
    document = load(mail("Water."), "x.eml")
    assert document.text == f"On Water\n\n{ABOVE}\n\nWater."
    assert dict(document.record.csl) == {
        "type": "personal_communication",
        "title": "On Water",
        "author": [{"literal": "Ann Lee"}],
        "issued": "2020-03-03",
    }


def test_encoded_and_bare_headers_are_decoded() -> None:
    headers = b"Subject: =?utf-8?q?H=C3=A4fen?=\nFrom: J\xe9r\xf4me <j@example.org>\n\nWater."
    document = load(headers, "x.eml")
    assert (document.record.title, document.record.authors) == ("Häfen", ("Jérôme",))


def test_quotes_keep_their_mark_and_signatures_theirs() -> None:
    answer = "Dear Bob,\nyes.\n\n- one\n- two\n\n"
    quoted = "Bob wrote:\n> What about\n> the pact?\n>> Older.\n\n"
    assert texts(f"{answer}{quoted}Yours\n-- \nAnn\nMinistry\n") == [
        "Dear Bob,\nyes.",
        "• one",
        "• two",
        "Bob wrote:",
        "> What about\nthe pact?",
        ">> Older.",
        "Yours",
        "--\nAnn\nMinistry",
    ]


def test_flowed_lines_are_joined() -> None:
    assert texts("The pact \nholds.\n> It \n> is old.", "Content-Type: text/plain; format=flowed\n") == [
        "The pact holds.",
        "> It is old.",
    ]


def test_plain_text_counts_before_html_unless_it_is_empty() -> None:
    message = EmailMessage()
    message["Subject"] = "On Water"
    message.set_content("Plain.")
    message.add_alternative("<p>Marked <b>up</b>.</p><ul><li>one</ul>", subtype="html")
    assert shown(read(bytes(message), "x"))[1:] == [("paragraph", "Plain.")]
    plain = message.get_body(("plain",))
    assert isinstance(plain, EmailMessage)
    plain.set_content(" \n")
    assert shown(read(bytes(message), "x"))[1:] == [("paragraph", "Marked up."), ("list_item", "• one")]


def test_attachments_are_named_and_attached_messages_read() -> None:
    message = EmailMessage()
    message["Subject"] = "On Water"
    message.set_content("See below.")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="röport.pdf")
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("Within.")
    message.add_attachment(inner)
    found = read(bytes(message), "x.eml")
    assert [(b.level, text) for b, (_, text) in zip(found.blocks, shown(found), strict=True)] == [
        (1, "On Water"),
        (0, "See below."),
        (2, "Inner"),
        (0, "Within."),
    ]
    assert found.doubts == ("attached, but not read: 'röport.pdf' (application/pdf); add it by itself",)


def test_letters_of_another_character_set_than_told_are_read_and_told() -> None:
    data = mail("", "Content-Type: text/plain; charset=utf-8\n") + b"caf\xe9"
    found = read(data, "x.eml")
    assert found.text.endswith("café")
    assert found.doubts[0] == "its characters are not in 'utf-8', as it says: read as windows-1252"


def test_an_encrypted_message_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableError, match=r"x\.eml: encrypted; decrypt it in its program"):
        read(mail("--b\n\nx", 'Content-Type: multipart/encrypted; boundary="b"\n'), "x.eml")
