from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.version import VERSION

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]

PAGE = "text/html; charset=utf-8"
ASKED = {"q": "When was the pact signed in Morava?"}
FORM = "application/x-www-form-urlencoded"


def link(path: str, **fields: str | list[str]) -> str:
    return f"{path}?{urlencode(fields, doseq=True)}"


def section(answer: Response, id_: str) -> str:
    """What stands in a section of a page; nothing where there is none."""
    found = re.search(rf'<section[^>]* id="{id_}".*?</section>', answer.text, re.DOTALL)
    return found.group() if found else ""


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def unmarked(passages: str) -> str:
    """Passages without the numbers of the sources that are taken from them."""
    return re.sub(r' <a class="cite".*?</a>', "", passages)


def results(answer: Response) -> str:
    """What became of a question, without what differs each time it is asked."""
    found = re.search(r'<div id="results">.*?</div>\n(?=</main>|<section)', answer.text, re.DOTALL)
    assert found
    return re.sub(r'value="cnv_[^"]*"', "", found.group())


# --- asking ----------------------------------------------------------------------------------------


def test_a_form_gets_an_answer_whose_numbers_lead_to_sources_in_the_reader(library: TestClient) -> None:
    answer = library.post("/", data=ASKED)
    assert (answer.status_code, answer.headers["content-type"]) == (200, PAGE)
    assert 'data-state="complete"' in section(answer, "answer")
    cited = re.findall(r'class="cite" href="#(source-\d+)"', section(answer, "answer"))
    assert cited
    assert all(f'<li id="{id_}"' in section(answer, "sources") for id_ in cited)
    place = html.unescape(re.findall(r'<a href="(/d/[^"]*)"', section(answer, "sources"))[0])
    read = library.get(place)
    assert "signed in Morava in 1998" in "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", read.text))


def test_an_address_that_asks_shows_what_the_form_does(library: TestClient) -> None:
    asked = {**ASKED, "type": "report", "author": "Ada Lind"}
    posted, visited = library.post("/", data=asked), library.get(link("/", **asked))
    assert results(posted) == results(visited)
    assert f'<a href="{html.escape(link("/", **asked))}" id="link">' in posted.text


def test_a_question_by_form_is_in_no_address_and_in_no_cache(library: TestClient) -> None:
    answer = library.post("/", data=ASKED)
    assert answer.url.query == b""
    assert answer.headers["cache-control"] == "no-store"


def test_what_the_documents_do_not_say_is_said_plainly_with_what_is_nearest(library: TestClient) -> None:
    answer = library.post("/", data={"q": "Who baked the wedding cake?"})
    assert 'data-state="no_answer"' in section(answer, "answer")
    assert words(section(answer, "answer")).startswith("No answer The documents do not support an answer")
    assert section(answer, "sources") == ""
    assert words(section(answer, "passages")).startswith(
        "Nearest passages What the search found, best first: 4."
    )


def test_each_passage_tells_why_it_is_there(library: TestClient) -> None:
    passages = section(library.post("/", data=ASKED), "passages")
    first = words(passages.split("</li>\n<li data-passage")[0])
    assert re.search(r"score \d\.\d\d How well it fits.* meaning \d\.\d\d", first)
    assert "Morava" in re.findall(r"<mark>(.*?)</mark>", passages)
    assert "the same word" in first


def test_a_follow_up_leans_on_what_was_asked_before(library: TestClient) -> None:
    first = library.post("/", data=ASKED)
    token = re.findall(r'name="conversation" value="(cnv_[^"]*)"', first.text)[0]
    second = library.post("/", data={"q": "And by whom was it?", "conversation": token})
    assert "Read as:" in words(section(second, "answer"))
    assert token in second.text


def test_a_script_gets_the_passages_without_an_answer_and_the_sources_without_asking_again(
    library: TestClient,
) -> None:
    alone = library.post("/", data={**ASKED, "part": "passages"})
    assert (section(alone, "answer"), section(alone, "sources")) == ("", "")
    assert section(alone, "passages") == unmarked(section(library.post("/", data=ASKED), "passages"))
    told = library.post("/v1/query", json={"question": ASKED["q"]}).json()
    again = library.post("/", data={"part": "sources", "id": told["id"]})
    assert section(again, "passages") == ""
    assert section(again, "answer") == section(library.post("/", data=ASKED), "answer")
    assert section(again, "sources") == section(library.post("/", data=ASKED), "sources")


def test_more_passages_are_a_click_away_until_all_are_shown(library: TestClient) -> None:
    few = library.post("/", data={**ASKED, "top_k": "2"})
    assert section(few, "passages").count("<li data-passage") == 2
    assert 'form="ask" name="top_k" value="20"' in few.text
    assert (
        'name="top_k" value="20"'
        not in library.post("/", data={**ASKED, "top_k": "20"}).text.split("<main")[0]
    )


# --- filters ---------------------------------------------------------------------------------------


def test_filters_narrow_down_and_stand_there_to_be_taken_away(library: TestClient) -> None:
    answer = library.post("/", data={"q": "water", "author": "Ada Lind", "date_from": "2021"})
    assert "harbour" not in section(answer, "passages")
    chips = re.findall(r'<button name="without" value="([^"]*)" aria-label="([^"]*)">', answer.text)
    assert chips == [
        ("author:Ada Lind", "Without author Ada Lind"),
        ("date_from:2021", "Without from 2021"),
    ]
    without = library.post(
        "/", data={"q": "water", "author": "Ada Lind", "date_from": "2021", "without": "author:Ada Lind"}
    )
    assert 'value="author:Ada Lind"' not in without.text
    assert 'value="date_from:2021"' in without.text


def test_the_filters_offered_are_those_of_the_collection_with_how_many_documents_they_lead_to(
    library: TestClient,
) -> None:
    seen = library.get("/").text
    offered = re.findall(r'name="(\w+)" value="([^"]*)"> [^<]* <span class="quiet">(\d+)</span>', seen)
    assert offered == [("author", "Ada Lind", "1"), ("author", "Ben Okoro", "1")]
    assert "<legend>Speaker</legend>" not in seen
    assert 'name="date_from" value="" size="10" placeholder="2021"' in seen


def test_filters_that_nothing_passes_say_so(library: TestClient) -> None:
    answer = library.post("/", data={"q": "water", "author": "Nobody"})
    assert answer.status_code == 200
    assert "No passage passes these filters. Take one away" in words(section(answer, "passages"))


# --- what goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"q": "x" * 2_001}, "2,001 characters, at most 2,000 are read; shorten it"),
        ({"q": "water", "date_from": "soon"}, "From is 'soon'; write a year"),
        ({"q": "water", "author": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_asked_is_told_beside_the_form_that_keeps_it(
    fields: dict[str, str], told: str, library: TestClient
) -> None:
    answer = library.post("/", data=fields)
    assert answer.status_code == 422
    assert told in words(section(answer, "trouble"))
    assert f'value="{fields["q"]}"' in answer.text


def test_a_page_without_an_index_says_how_documents_are_added(client: TestClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "pincite add FOLDER" in answer.text
    assert "<form" not in answer.text


def test_an_empty_collection_says_the_same_and_is_no_failure(client: TestClient) -> None:
    made = client.post("/v1/documents", json={"source": "a.txt", "text": "A word."}).json()
    client.delete(f"/v1/documents/{made['id']}")
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Nothing to ask about yet" in answer.text


def test_a_page_that_is_not_ready_says_what_is_loading_and_looks_again_by_itself(
    make_app: MakeApp, connect: Connect
) -> None:
    first = make_app()
    connect(first).post("/v1/documents", json={"source": "a.txt", "text": "A word."})
    waiting = connect(make_app())
    home, asked = waiting.get("/"), waiting.post("/", data={"q": "What word?"})
    for answer in (home, asked):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "The encoder is loading" in words(section(answer, "trouble"))
        assert "waiting." in answer.text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in home.text
    assert "http-equiv" not in asked.text  # it would lose the question, which stands in the form
    assert 'value="What word?"' in asked.text


def test_a_failure_of_ours_is_a_page_with_the_number_of_the_request(
    make_app: MakeApp, connect: Connect
) -> None:
    app = make_app()
    client = connect(app)
    client.post("/v1/documents", json={"source": "a.txt", "text": "A word."})
    app.state.service.facets = lambda: 1 / 0
    answer = client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (500, PAGE)
    assert answer.headers["x-request-id"] in answer.text
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize("path", ["/", "/quote"])
def test_forms_of_other_pages_and_bodies_that_are_too_large_are_refused(
    path: str, library: TestClient
) -> None:
    foreign: list[dict[str, str]] = [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost:8000"},
        {"origin": "null"},
    ]
    told = [library.post(path, data=ASKED, headers=headers).status_code for headers in foreign]
    told.append(library.post(path, data={"q": "x" * 70_000}).status_code)
    told.append(library.post(path, content=b"a=1&" * 300, headers={"content-type": FORM}).status_code)
    told.append(library.post(path, json=ASKED).status_code)
    assert told == [403, 403, 403, 413, 413, 415]


def test_an_address_that_asks_does_no_work_for_pictures_of_other_pages(library: TestClient) -> None:
    picture = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    visit = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    asked = link("/", **ASKED)
    told = [library.get(asked, headers=headers) for headers in (picture, {"sec-purpose": "prefetch"}, visit)]
    assert [answer.status_code for answer in told] == [403, 403, 200]


# --- quotations ------------------------------------------------------------------------------------


def verdict(answer: Response) -> tuple[str, str]:
    """The verdict and what is said of it."""
    found = section(answer, "verdict")
    return re.findall(r'data-verdict="(\w+)"', found)[0], words(found)


@pytest.mark.parametrize(
    ("fields", "verdict_", "told"),
    [
        ({"text": "The pact was signed in Morava in 1998."}, "exact", "✓ Word for word"),
        ({"text": "The pact was never signed in Morava in 1998."}, "fuzzy", "negation: 'never' is added"),
        (
            {"text": "The pact was signed in Morava in 1998.", "author": "Jane Roe"},
            "misattributed",
            "Author Jane Roe ✕ it is Ada Lind",
        ),
        ({"text": "The moon is made of green cheese."}, "not_found", "✕ Not found"),
    ],
)
def test_a_quotation_is_verified_by_form_and_by_address(
    fields: dict[str, str], verdict_: str, told: str, library: TestClient
) -> None:
    posted, visited = library.post("/quote", data=fields), library.get(link("/quote", **fields))
    assert verdict(posted)[0] == verdict_
    assert told in verdict(posted)[1]
    assert section(posted, "verdict") == section(visited, "verdict")
    assert html.escape(link("/quote", **fields)) in posted.text


def test_words_that_differ_are_marked(library: TestClient) -> None:
    asked = {"text": "The pact was signed in Arland in 1998. It governs the use of water."}
    found = section(library.post("/quote", data=asked), "verdict")
    assert ("<del>Morava</del>" in found, "<ins>Arland</ins>" in found) == (True, True)


def test_a_quotation_that_is_too_short_is_told_beside_the_form(library: TestClient) -> None:
    answer = library.post("/quote", data={"text": "hm"})
    assert answer.status_code == 422
    assert section(answer, "trouble")


# --- the page itself -------------------------------------------------------------------------------


def test_the_root_tells_programs_where_to_go(library: TestClient) -> None:
    answer = library.get("/", headers={"accept": "application/json"})
    body = answer.json()
    assert (body["service"], body["version"], answer.headers["vary"]) == ("Pincite", VERSION, "Accept")
    told = {path.replace("passages/{id}", "passages/{passage_id}") for path in body["paths"]} - {
        "/openapi.json"
    }
    assert told < library.get("/openapi.json").json()["paths"].keys()


def test_an_empty_page_suggests_what_the_collection_holds(library: TestClient) -> None:
    seen = library.get("/").text
    assert "2 documents, 4 passages." in words(seen)
    assert "The River Pact" not in words(section(library.get("/"), "suggested"))
    client_links = re.findall(r'<li><a href="(/\?q=[^"]*)" dir="auto">', seen)
    assert [library.get(html.unescape(path)).status_code for path in client_links] == [200] * len(
        client_links
    )


def test_pages_may_send_forms_to_us_and_nothing_else(library: TestClient) -> None:
    for path in ("/", "/quote", "/d", link("/", **ASKED)):
        answer = library.get(path)
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["trusted-types"] == "'none'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "same-origin"  # so that forms tell where they come from
        assert answer.headers["x-robots-tag"] == "noindex"
        assert not re.search(r"<script(?![^>]* src=)|\sstyle=|\son\w+=", answer.text)


def test_modules_are_served_by_what_all_of_them_hold_and_load_each_other(library: TestClient) -> None:
    (home,) = re.findall(r'<script type="module" src="([^"]*)"', library.get("/").text)
    seen, left = set(), [home]
    while left:
        url = left.pop()
        loaded = library.get(url)
        assert loaded.status_code == 200
        assert loaded.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert loaded.headers["content-type"] == "text/javascript; charset=utf-8"
        seen.add(url)
        imports = re.findall(r'^import .* from "([^"]*)";$', loaded.text, re.MULTILINE)
        left += [
            str(loaded.url.join(path).path) for path in imports if loaded.url.join(path).path not in seen
        ]
    assert {url.rpartition("/")[2] for url in seen} >= {"home.js", "client.js", "points.js", "render.js"}
    for name in ("pages/static/reader.css", "widget/build.py", "../settings.py", "pages/static/none.js"):
        assert library.get(home.replace("pages/static/home.js", name)).status_code == 404
    assert library.get("/static/m000000000000/pages/static/home.js").status_code == 404


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def hostile(client: TestClient) -> TestClient:
    """A collection whose documents are called what no page should run."""
    record: dict[str, Any] = {"title": HOSTILE, "author": [{"literal": HOSTILE}], "type": HOSTILE}
    body = {
        "source": f"{HOSTILE}.md",
        "text": f"# {HOSTILE} and so on\n\n## A longer {HOSTILE}\n\nA word {HOSTILE}.",
    }
    assert client.post("/v1/documents", json={**body, "metadata": record}).status_code == 201
    client.post("/v1/documents", json={"source": "b.txt", "text": "Another word."})
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/d",
        f"/d?q={quote(HOSTILE)}",
        link("/", q=HOSTILE, author=HOSTILE, date_from=HOSTILE),
        link("/", q=f"word {HOSTILE}", author=HOSTILE, section=HOSTILE),
        link("/", q="word"),
        link("/quote", text=f"A word {HOSTILE}.", author=HOSTILE, page=HOSTILE),
        link("/quote", text=f"A word {HOSTILE}.", document=HOSTILE),
        f"/s/{quote(HOSTILE, safe='')}",
    ],
)
def test_nothing_that_is_asked_or_stored_becomes_markup(path: str, hostile: TestClient) -> None:
    seen = hostile.get(path).text
    assert "<script>alert" not in seen
    assert "<img" not in seen
    assert '"><' not in re.sub(r'"></?[a-z]+', "", seen)


# --- sites -----------------------------------------------------------------------------------------


@pytest.fixture
def site(make_app: MakeApp, connect: Connect) -> tuple[TestClient, str]:
    """An application with a document and a site of one question a minute; its key."""
    app = make_app()
    client = connect(app)
    client.post("/v1/documents", json={"source": "a.txt", "text": "The pact was signed in Morava in 1998."})
    made = app.state.admission.sites.add("River <Desk>", ["https://rivers.example"], per_address=1)
    return client, made.key


def test_a_site_has_the_page_under_its_name_in_frames_of_its_own_pages(site: tuple[TestClient, str]) -> None:
    client, key = site
    answer = client.get(f"/s/{key}")
    assert "<title>Ask · River &lt;Desk&gt;</title>" in answer.text
    assert f'action="/s/{key}"' in answer.text
    assert f'data-site="{key}"' in answer.text
    assert "frame-ancestors https://rivers.example;" in answer.headers["content-security-policy"]


def test_a_site_answers_within_its_limits(site: tuple[TestClient, str]) -> None:
    client, key = site
    first, second = (client.post(f"/s/{key}", data={"q": "Where was the pact signed?"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    assert "A moment, please" in words(section(second, "trouble"))
    assert 'value="Where was the pact signed?"' in second.text


def test_a_form_of_a_page_that_the_site_lets_in_is_taken_and_of_no_other(
    site: tuple[TestClient, str],
) -> None:
    client, key = site
    posted = [
        client.post(f"/s/{key}", data={"q": ""}, headers={"origin": f"https://{name}.example"})
        for name in ("rivers", "evil")
    ]
    assert [answer.status_code for answer in posted] == [200, 403]


def test_an_unknown_site_is_a_page_that_is_not_there(site: tuple[TestClient, str]) -> None:
    answer = site[0].get("/s/pk_nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, PAGE)
    assert "There is no page of this key here" in answer.text
