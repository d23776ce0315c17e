"""The main text of web pages: ours held against trafilatura's on pages of many makes whose text is known.

pip install trafilatura; python scripts/main_text.py [--pages 7]
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from statistics import mean
from typing import Any
from xml.etree import ElementTree as ET

from rapidfuzz.distance import LCSseq

from corpus.records import BlockKind
from corpus.web.loader import read

VOCABULARY = {
    "en": "the river of towns with mills that a council built near its bridge where keepers paid their tolls and "
    "nobody in the valley remembered how winter had taken boats from the harbour before bells were rung",
    "de": "der Fluss und die Mühlen am Ufer wurden von den Hütern der Brücke im Winter nicht mehr bezahlt weil "
    "niemand in dem Tal sich an die Zölle erinnern konnte als die Glocken der Stadt für Schiffe läuteten",
    "fr": "la rivière et les moulins de la vallée où le conseil avait bâti un pont pour les bateaux qui payaient "
    "leurs péages sans que personne ne se souvienne des cloches ni du port quand venait l'hiver",
    "ru": "река и мельницы у моста где хранители платили пошлины а совет города не помнил как зимой лодки из "
    "гавани уходили вниз по долине пока звонили колокола и никто их не ждал на берегу",
    "az": "çay və dəyirmanlar körpünün yanında şura tərəfindən tikilmişdi qayıqlar üçün gömrük ödəyən gözətçilər "
    "qışda limanda zənglər çalınanda vadidə heç kimin xatırlamadığı yolları gözləyirdi",
}
MENU = ("Home", "About", "Contact", "Archive", "Products", "Log in", "Search", "Privacy policy")


@dataclass
class Known:
    """What a page is known to hold, gathered while it is written."""

    words: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)


class Writer:
    """Writes text of one language, and keeps what is main text."""

    def __init__(self, seed: str, language: str = "en") -> None:
        self.chance = random.Random(seed)
        self.language = language
        self.known = Known()
        self._vocabulary = VOCABULARY[language].split()

    def words(self, low: int, high: int) -> str:
        """Words that are no main text, as long as nobody says so."""
        count = self.chance.randint(low, high)
        made = [self.chance.choice(self._vocabulary) for _ in range(count)]
        made[-1] += str(self.chance.randrange(10_000))  # no two sentences are the same
        return " ".join(made).capitalize()

    def sentences(self, low: int, high: int) -> str:
        """Other sentences: of teasers, comments, banners."""
        return " ".join(f"{self.words(6, 16)}." for _ in range(self.chance.randint(low, high)))

    def main(self, text: str) -> str:
        """Text that is main text, escaped."""
        self.known.words += text.split()
        return escape(text)

    def p(self, low: int = 2, high: int = 5, attributes: str = "") -> str:
        """A paragraph of the main text."""
        return f"<p{attributes}>{self.main(self.sentences(low, high))}</p>"

    def h(self, level: int, attributes: str = "", inside: str = "") -> str:
        """A heading of the main text."""
        words = self.words(2, 6)
        self.known.headings.append(words)
        return f"<h{level}{attributes}>{self.main(words)}{inside}</h{level}>"

    def items(self) -> str:
        """A list."""
        return "<ul>" + "".join(f"<li>{self.main(self.words(4, 10))}</li>" for _ in range(4)) + "</ul>"

    def table(self, rows: int = 4, attributes: str = "") -> str:
        """A table of data with named columns; its words are counted as cells only."""
        names = [self._cell() for _ in range(3)]
        body = [[self._cell() for _ in names] for _ in range(rows)]
        self.known.cells += [cell for row in body for cell in row]
        head = "".join(f"<th>{n}</th>" for n in names)
        return f"<table{attributes}><tr>{head}</tr>" + "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body
        ) + "</table>"  # fmt: skip

    def _cell(self) -> str:
        """A word that stands nowhere else."""
        return f"cell{self.chance.randrange(10**9)}x"

    def menu(self, attributes: str = "", tag: str = "ul") -> str:
        """Links of a site."""
        links = [f'<a href="/{n}">{name}</a>' for n, name in enumerate(MENU)]
        inner = "".join(f"<li>{link}</li>" for link in links) if tag == "ul" else " | ".join(links)
        return f"<{tag}{attributes}>{inner}</{tag}>"

    def teasers(self, count: int = 5, *, text: bool = False) -> str:
        """Links to other pages of the site, with what they say or without."""
        return "".join(
            f'<div class="card"><h3><a href="/n{n}">{self.words(4, 9)}</a></h3>'
            f"{f'<p>{self.sentences(1, 1)}</p>' if text else ''}</div>"
            for n in range(count)
        )

    def body(self, parts: int = 4, level: int = 2) -> str:
        """Sections of main text."""
        made = []
        for _ in range(parts):
            made += [self.h(level), self.p(), self.p()]
            if self.chance.random() < 0.4:
                made.append(self.items())
            if self.chance.random() < 0.2:
                made.append(f"<blockquote>{self.p(1, 2)}</blockquote>")
        return "\n".join(made)


def page(writer: Writer, body: str, head: str = "") -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html><html lang="{writer.language}"><head><meta charset="utf-8"><title>A page</title>{head}'
        f"</head><body>{body}</body></html>"
    )


def article(w: Writer) -> str:
    """An article with the elements of HTML 5."""
    return page(
        w,
        f"<header>{w.menu(tag='nav')}</header><main><article>{w.h(1)}{w.p()}{w.body()}</article></main>"
        f"<footer><p>{w.sentences(1, 2)}</p>{w.menu()}</footer>",
    )


def blog(w: Writer) -> str:
    """A blog of divs: sidebar, tags, comments, what to read next."""
    comments = "".join(
        f'<li class="comment"><cite>{w.words(1, 2)}</cite> says: <p>{w.sentences(1, 3)}</p></li>'
        for _ in range(5)
    )
    return page(
        w,
        f'<div id="header">{w.menu()}</div><div id="content"><div class="post hentry">{w.h(1, " class=entry-title")}'
        f'<div class="entry-content">{w.p()}{w.body(3)}</div>'
        f'<div class="tags">Tags: <a href="/t">{w.words(1, 1)}</a>, <a href="/u">{w.words(1, 1)}</a></div></div>'
        f'<div class="related-posts"><h3>{w.words(2, 3)}</h3>{w.teasers(3, text=True)}</div>'
        f'<div id="comments" class="comments-area"><h3>5 comments</h3><ol class="comment-list">{comments}</ol></div>'
        f'</div><div id="secondary" class="sidebar widget-area"><h3>Recent</h3>{w.teasers(4)}<p>{w.sentences(1, 2)}</p>'
        f"</div><div class='footer'>{w.menu()}</div>",
    )


def sphinx(w: Writer) -> str:
    """Documentation as Sphinx writes it."""
    link = '<a class="headerlink" href="#x" title="Link">¶</a>'
    title = w.h(1, "", link) + w.p()
    sections = "".join(
        f'<section id="s{n}">{w.h(2, "", link)}{w.p()}<div class="highlight"><pre>{w.main(f"call{n}(value={n})")}</pre>'
        f"</div>{w.p(1, 2)}{w.items()}</section>"
        for n in range(4)
    )
    tree = "".join(f'<li class="toctree-l1"><a href="p{n}.html">{w.words(2, 4)}</a></li>' for n in range(12))
    return page(
        w,
        f'<div class="related" role="navigation"><h3>Navigation</h3>{w.menu()}</div><div class="document">'
        f'<div class="documentwrapper"><div class="bodywrapper"><div class="body" role="main"><section id="t">'
        f'{title}{sections}</section></div></div></div><div class="sphinxsidebar" role="navigation">'
        f"<div class='sphinxsidebarwrapper'><ul>{tree}</ul></div></div></div><div class='footer' role='contentinfo'>"
        f"{w.words(3, 6)}</div>",
    )


def material(w: Writer) -> str:
    """Documentation as MkDocs with its best known theme writes it."""
    tree = "".join(
        f'<li class="md-nav__item"><a class="md-nav__link" href="p{n}">{w.words(2, 4)}</a></li>'
        for n in range(10)
    )
    return page(
        w,
        f'<header class="md-header"><nav class="md-header__inner">{w.words(1, 2)}</nav></header><div class="md-container">'
        f'<main class="md-main"><div class="md-main__inner md-grid"><div class="md-sidebar"><nav class="md-nav"><ul>{tree}</ul>'
        f'</nav></div><div class="md-content"><article class="md-content__inner md-typeset">{w.h(1)}{w.p()}'
        f'<div class="admonition note"><p class="admonition-title">{w.main("Note")}</p>{w.p(1, 2)}</div>{w.body(3)}{w.table()}'
        f'</article></div></div></main></div><footer class="md-footer">{w.menu()}</footer>',
    )


def news(w: Writer) -> str:
    """A story with what the site wants read besides, amid the text, too."""
    related = f'<aside class="related"><h4>{w.words(2, 3)}</h4>{w.teasers(3)}</aside>'
    advert = f'<div class="advertisement"><p>{w.sentences(1, 1)}</p></div>'
    share = '<div class="share-buttons"><a href="#">Facebook</a> <a href="#">Mail</a> <a href="#">Copy link</a></div>'
    return page(
        w,
        f'<div class="cookie-banner"><p>{w.sentences(2, 3)}</p><button>OK</button></div><div class="topbar">{w.menu()}</div>'
        f'<div class="layout"><div class="story">{w.h(1)}<div class="byline">{w.words(2, 3)}</div>{share}'
        f'<div class="story-body">{w.p()}{w.p()}{related}{w.p()}{advert}{w.body(2)}</div>'
        f'<div class="newsletter"><h4>{w.words(2, 4)}</h4><p>{w.sentences(1, 1)}</p></div></div>'
        f'<div class="more-stories">{w.teasers(8, text=True)}</div></div><div id="footer">{w.menu()}</div>',
    )


def forum(w: Writer) -> str:
    """A thread: every post is main text, what stands beside it is not."""
    title = w.h(1)
    posts = "".join(
        f'<div class="post" id="p{n}"><div class="author"><b>user{n}</b><br>Posts: {n * 7}<br>Joined: 2019</div>'
        f'<div class="content">{w.p(1, 3)}{w.p(1, 2)}</div><div class="post-actions"><a href="#">Reply</a> '
        f'<a href="#">Quote</a> <a href="#">Report</a></div></div>'
        for n in range(6)
    )
    return page(
        w,
        f'<div id="nav">{w.menu()}</div><div class="breadcrumbs"><a href="/">Board</a> &gt; <a href="/f">Forum</a></div>'
        f'<div id="thread">{title}{posts}</div><div class="pagination"><a>1</a> <a>2</a> <a>3</a></div>'
        f'<div class="footer">{w.menu()}</div>',
    )


def wiki(w: Writer) -> str:
    """An encyclopaedia's page: many tables, a list of contents, edit links, a box of links at the end."""
    edit = '<span class="mw-editsection">[<a href="#">edit</a>]</span>'
    toc = "".join(f'<li><a href="#s{n}">{w.words(2, 3)}</a></li>' for n in range(5))
    title, lead = w.h(1), w.p()
    sections = "".join(
        f"{w.h(2, f' id=s{n}', edit)}{w.p()}{w.table(5, ' class=wikitable')}{w.p(1, 3)}" for n in range(4)
    )
    box = "".join(f'<td><a href="/w{n}">{w.words(1, 3)}</a></td>' for n in range(8))
    return page(
        w,
        f'<div id="mw-panel">{w.menu()}</div><div id="content" role="main">{title}<div id="bodyContent">'
        f'<div class="mw-parser-output">{lead}<div id="toc" class="toc"><ul>{toc}</ul></div>{sections}'
        f'<table class="navbox"><tr>{box}</tr></table></div></div></div><div id="footer">{w.menu()}</div>',
    )


def essay(w: Writer) -> str:
    """An essay with footnotes, as Hugo and pandoc write them."""
    notes: list[str] = []

    def noted() -> str:
        text = w.main(w.sentences(1, 3))
        notes.append(f"{w.words(5, 9)}.")
        n = len(notes)
        mark = f'<sup id="fnref:{n}"><a href="#fn:{n}" class="footnote-ref" role="doc-noteref">{n}</a></sup>'
        return f"<p>{text}{mark} {w.main(w.sentences(1, 2))}</p>"

    title = w.h(1)
    body = "".join(w.h(2) + noted() + noted() for _ in range(4))
    w.known.notes += notes
    items = "".join(
        f'<li id="fn:{n}"><p>{note} <a href="#fnref:{n}" class="footnote-backref" role="doc-backlink">↩︎</a></p></li>'
        for n, note in enumerate(notes, 1)
    )
    return page(
        w,
        f"<header>{w.menu(tag='nav')}</header><main><article>{title}{body}"
        f'<section class="footnotes" role="doc-endnotes"><hr><ol>{items}</ol></section></article></main><footer>x</footer>',
    )


def old(w: Writer) -> str:
    """A page of 1998: laid out by tables, nothing closed, no head."""
    menu = "<br>".join(f'<a href="{n}.htm">{name}' for n, name in enumerate(MENU))
    paragraphs = "".join(f"<p>{w.main(w.sentences(2, 4))}" for _ in range(7))
    return (
        f"<html><title>Page</title><body bgcolor=white><table width=100%><tr><td width=150 valign=top>{menu}<td valign=top>"
        f"<font size=+2><b>{w.main(w.words(3, 5))}</b></font>{paragraphs}<p><b>{w.main(w.words(2, 4))}</b>{paragraphs_more(w)}"
        f"</table><hr><center><font size=1>{w.words(3, 5)}"
    )


def paragraphs_more(w: Writer) -> str:
    """Some more paragraphs that are never closed."""
    return "".join(f"<p>{w.main(w.sentences(2, 4))}" for _ in range(4))


def jekyll(w: Writer) -> str:
    """A post as the first theme of Jekyll shows it."""
    return page(
        w,
        f'<header class="site-header"><div class="wrapper"><a class="site-title" href="/">{w.words(1, 3)}</a><nav class="site-nav">'
        f'{w.menu(tag="div")}</nav></div></header><main class="page-content"><div class="wrapper"><article class="post h-entry">'
        f'<header class="post-header">{w.h(1, " class=post-title")}<p class="post-meta"><time>{w.main("May 3, 2021")}</time></p></header>'
        f'<div class="post-content e-content">{w.p()}{w.body(3)}</div></article></div></main><footer class="site-footer h-card">'
        f"<p>{w.sentences(1, 1)}</p></footer>",
    )


def docusaurus(w: Writer) -> str:
    """Documentation as Docusaurus renders it: menus within main, links to the pages before and behind."""
    toc = "".join(
        f'<li><a href="#h{n}" class="table-of-contents__link">{w.words(2, 3)}</a></li>' for n in range(4)
    )
    return page(
        w,
        f'<nav class="navbar">{w.menu(tag="div")}</nav><div class="main-wrapper"><aside class="theme-doc-sidebar-container">{w.menu()}'
        f'</aside><main class="docMainContainer"><div class="container"><div class="row"><div class="col"><nav class="breadcrumbs">'
        f'{w.words(1, 2)}</nav><article><div class="theme-doc-markdown markdown">{w.h(1)}{w.p()}{w.body(3)}{w.table()}</div></article>'
        f'<nav class="pagination-nav"><a href="/a">Previous {w.words(1, 2)}</a><a href="/b">Next {w.words(1, 2)}</a></nav></div>'
        f'<div class="col col--3"><ul class="table-of-contents">{toc}</ul></div></div></div></main></div>'
        f'<footer class="footer">{w.menu()}</footer>',
    )


def wordpress(w: Writer) -> str:
    """A post as the themes of WordPress show it, related posts and comments within main."""
    comments = "".join(
        f'<li class="comment even depth-1"><article class="comment-body"><p>{w.sentences(1, 3)}</p></article></li>'
        for _ in range(4)
    )
    return page(
        w,
        f'<header id="masthead" class="site-header">{w.menu()}</header><div id="primary" class="content-area"><main id="main" class="site-main">'
        f'<article id="post-7" class="post-7 post type-post hentry"><header class="entry-header">{w.h(1, " class=entry-title")}</header>'
        f'<div class="entry-content">{w.p()}{w.body(3)}<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3>'
        f'<ul><li><a href="#">X</a></li><li><a href="#">Facebook</a></li></ul></div>'
        f'<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3>{w.teasers(3, text=True)}</div></div>'
        f'<footer class="entry-footer">Posted in <a href="/c">{w.words(1, 1)}</a></footer></article>'
        f'<nav class="navigation post-navigation"><a href="/p">{w.words(3, 5)}</a></nav>'
        f'<div id="comments" class="comments-area"><h2 class="comments-title">4 thoughts</h2><ol class="comment-list">{comments}</ol>'
        f'<div id="respond" class="comment-respond"><h3>Leave a reply</h3><form><p>{w.sentences(1, 1)}</p></form></div></div></main></div>'
        f'<aside id="secondary" class="widget-area">{w.teasers(4)}</aside><footer id="colophon">{w.menu()}</footer>',
    )


KINDS: dict[str, Callable[[Writer], str]] = {
    "article": article,
    "blog": blog,
    "docs (Sphinx)": sphinx,
    "docs (MkDocs)": material,
    "docs (Docusaurus)": docusaurus,
    "news": news,
    "forum": forum,
    "wiki, tables": wiki,
    "essay, notes": essay,
    "1998, malformed": old,
    "Jekyll": jekyll,
    "WordPress": wordpress,
    "not English": article,
}


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of a page."""

    text: str
    headings: list[str]


def ours(data: bytes) -> Read:
    """The text and the headings that our loader finds."""
    made = read(data, "page.html")
    spans = [b.span for b in made.blocks if b.kind is BlockKind.HEADING]
    text = made.text
    for mark in sorted((mark for note in made.notes for mark in note.markers), reverse=True):
        text = text[: mark.start] + text[mark.end :]  # it is known to be none
    return Read(text, [" ".join(made.text[s.start : s.end].split()) for s in spans])


def theirs(data: bytes) -> Read:
    """The same by trafilatura, with tables, without comments."""
    import trafilatura  # not a dependency

    told: str | None = trafilatura.extract(
        data, output_format="xml", include_comments=False, include_tables=True, include_formatting=True
    )
    if not told:
        return Read("", [])
    main: Any = ET.fromstring(told).find("main")
    heads = [" ".join("".join(head.itertext()).split()) for head in main.iter("head")]
    return Read(" ".join(main.itertext()), heads)


def scores(known: Known, got: Read) -> dict[str, float]:
    """Words in order, headings, notes and cells that were kept; of each the share."""
    text = " ".join(got.text.split())
    for note in known.notes:  # they are counted by themselves, and so are cells
        text = text.replace(note, " ", 1)
    text = re.sub(r"cell\d+x", " ", text)
    found = [
        word
        for word in re.sub(r"[¶↩•|\ufe0e]|\[edit\]", " ", text).split()
        if not re.fullmatch(r"[\d.:;]{1,3}", word)
    ]
    wanted = [word for word in known.words if not re.fullmatch(r"[\d.:;]{1,3}", word)]
    same = LCSseq.similarity(wanted, found)
    made = {"recall": same / len(wanted), "precision": same / max(1, len(found))}
    if known.headings:
        made["headings"] = sum(h in got.headings for h in known.headings) / len(known.headings)
    if known.notes:
        made["notes"] = sum(note in " ".join(got.text.split()) for note in known.notes) / len(known.notes)
    if known.cells:
        made["cells"] = sum(cell in got.text for cell in known.cells) / len(known.cells)
    return made


def pages(count: int) -> Iterator[tuple[str, bytes, Known]]:
    """So many pages of each kind, of what they hold."""
    for kind, write in KINDS.items():
        for n in range(count):
            language = ["de", "fr", "ru", "az"][n % 4] if kind == "not English" else "en"
            writer = Writer(f"{kind} {n}", language)
            yield kind, write(writer).encode(), writer.known


def shown(values: Sequence[float]) -> str:
    """The mean, empty where there is none."""
    return f"{mean(values):.3f}" if values else ""


def main() -> None:
    """Print the table and the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=7, help="of each kind")
    made = list(pages(parser.parse_args().pages))
    readers = {"ours": ours, "trafilatura": theirs}
    tally: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for name, reader in readers.items():
        for kind, data, known in made:
            start = time.process_time()
            got = reader(data)
            tally[name, "all", "ms"].append(1000 * (time.process_time() - start))
            for measure, value in scores(known, got).items():
                tally[name, kind, measure].append(value)
                tally[name, "all", measure].append(value)
    measures = ("recall", "precision", "headings", "notes", "cells")
    print(f"| {len(made)} pages | " + " | ".join(measures) + " |\n|---" * 1 + "|---" * len(measures) + "|")
    for kind in (*KINDS, "all"):
        cells = [
            " / ".join(filter(None, (shown(tally[name, kind, measure]) for name in readers)))
            for measure in measures
        ]
        print(f"| {kind} | " + " | ".join(cells) + " |")
    for name in readers:
        print(f"{name}: {mean(tally[name, 'all', 'ms']):.1f} ms a page")


if __name__ == "__main__":
    main()
