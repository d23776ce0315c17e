"""Vocabularies: words that tell titles, labels and names from other text, in the languages met so far."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    """Words or phrases, parted by bars."""
    return frozenset(" ".join(part.split()) for part in text.split("|"))


# Forms of address and degrees, without their dots.
HONORIFICS = _words(
    """
    dr | prof | professor | doc | docent | mr | mrs | ms | miss | mx | sir | dame | lord | lady | amb |
    ambassador | hon | he | rev | fr | gen | col | capt | president | minister | senator | doctor | madam |
    mme | mlle | herr | frau | doktor | sn | dr.phil | phd | ph.d | m.a | b.a | msc | llm
    """
)
# Those that tell a man and a woman of one name apart.
ADDRESSES = _words("mr | mrs | ms | miss | herr | frau | mme | sir | lady | lord | dame | señor | señora")
# Small words inside names.
PARTICLES = _words(
    """
    de | da | di | do | dos | das | del | della | der | den | des | du | van | von | vom | zu | zum | zur |
    la | le | los | el | al | bin | ibn | ben | abu | af | av | ter | ten | y | e | oğlu | ogly | oghlu |
    qızı | kızı | gizi
    """
)
# Words that open a sentence, name an office or a house, or stand in headings: parts of no name.
NO_NAME = _words(
    """
    the | a | an | and | or | but | nor | for | with | by | to | from | in | on | at | as | if | when |
    while | after | before | since | because | although | thus | so | then | now | today | this | that |
    these | those | his | her | their | our | my | your | its | it | he | she | they | we | you | what | who
    | why | how | where | there | here | both | such | once | under | over | about | like | unlike |
    according | mr | mrs | prime | minister | ministers | secretary | general | chairman | chairwoman |
    director | ambassador | deputy | foreign | national | international | republic | united | states |
    university | institute | center | centre | academy | ministry | department | council | committee |
    commission | agency | association | foundation | society | journal | review | press | report | bulletin
    | newsletter | magazine | policy | brief | paper | papers | studies | analysis | research | introduction
    | conclusion | conclusions | foreword | preface | contents | table | chapter | part | section | appendix
    | annex | notes | references | bibliography | index | contributors | acknowledgements | acknowledgments
    | abstract | summary | executive | editorial | interview | questions | answers | question | answer |
    summing | war | peace | energy | security | history | politics | economy | economic | political |
    strategic | company | group | government | parliament | assembly | union | movement
    """
)
# These are surnames too (May, West, Street), but nobody's first or middle name.
NO_GIVEN = _words(
    """
    president | chair | head | january | february | march | may | july | august | september | october |
    november | december | monday | tuesday | wednesday | thursday | friday | saturday | sunday | north |
    south | east | west | northern | southern | eastern | western | central | new | old | great | world |
    street | avenue | road | bank | party | final | first | second | third | last | next | previous | key |
    main | further | selected | related | all | some | no | not | kingdom | federal | two | three |
    four | five | six | seven | eight | nine | ten
    """
)
# Titles of what stands before the chapters.
OPENINGS = _words(
    """
    foreword | preface | prologue | introduction | editorial | from the editor | from the editors |
    editor s note | editors note | letter from the editor | executive summary | summary | abstract |
    key points | key findings | key takeaways | background | overview | vorwort | einleitung | einführung |
    zusammenfassung | avant propos | préface | introduction générale | résumé | prólogo | introducción |
    resumen | prefazione | introduzione | premessa | prefácio | introdução | ön söz | önsöz | giriş | özet |
    xülasə | предисловие | введение | аннотация | передмова | вступ | wstęp | przedmowa | voorwoord |
    inleiding
    """
)
# Titles of what stands in and after them.
CLOSINGS = _words(
    """
    conclusion | conclusions | concluding remarks | recommendations | policy recommendations | discussion |
    results | methods | methodology | materials and methods | literature review | epilogue | afterword |
    outlook | contributors | about the authors | about the author | about the contributors |
    notes on contributors | list of contributors | the authors | authors | acknowledgements |
    acknowledgments | references | bibliography | works cited | sources | further reading |
    selected bibliography | literature | notes | endnotes | footnotes | appendix | appendices | annex |
    annexes | glossary | index | abbreviations | list of abbreviations | timeline | chronology | schluss |
    fazit | schlussfolgerungen | literatur | literaturverzeichnis | anmerkungen | anhang | autoren |
    danksagung | bibliographie | remerciements | conclusion générale | conclusión | conclusiones |
    bibliografía | referencias | conclusioni | bibliografia | note | conclusão | nəticə | ədəbiyyat |
    müəlliflər | sonuç | kaynakça | yazarlar | заключение | литература | список литературы | примечания |
    авторы | об авторах | висновки | література | zakończenie | conclusie | literatuur
    """
)
# Titles of the section that presents the authors.
CONTRIBUTORS = _words(
    """
    contributors | about the authors | about the author | about the contributors | notes on contributors |
    authors | the authors | list of contributors | autoren | über die autoren | auteurs | autores | autori |
    müəlliflər | yazarlar | авторы | об авторах
    """
)
# Headings of tables of contents.
CONTENTS = _words(
    """
    contents | table of contents | in this issue | inhalt | inhaltsverzeichnis | inhaltsübersicht | sommaire
    | table des matières | índice | indice | contenido | tabla de contenido | sumário | sommario | inhoud |
    inhoudsopgave | spis treści | obsah | tartalom | mündəricat | içindekiler | содержание | оглавление |
    зміст | innehåll | indhold | innhold | sisältö | cuprins | sadržaj | 目录 | 目次 | 차례 | περιεχόμενα
    """
)
# Labels of who asks.
ASKERS = _words(
    """
    q | question | interviewer | moderator | host | journalist | reporter | correspondent | presenter |
    chair | chairperson | facilitator | interviewers | frage | fragesteller | moderatorin | pergunta |
    pregunta | domanda | sual | soru | вопрос | ведущий | корреспондент | журналист | müxbir | aparıcı |
    intervieweur | modérateur | entrevistador
    """
)
# Labels of who answers.
ANSWERERS = _words(
    """
    a | answer | interviewee | respondent | guest | informant | participant | antwort | resposta | respuesta
    | risposta | cavab | cevap | ответ | réponse | reply | response
    """
)
# Labels of speakers without a name.
SOME_SPEAKERS = _words(
    """
    speaker | audience | panelist | panellist | expert | narrator | translator | interpreter | unknown |
    voice | audience member | member of the audience | from the audience | from the floor | court |
    the court | the witness | witness | clerk | the clerk
    """
)
# What else people write before a colon, line after line.
NO_SPEAKERS = _words(
    """
    note | notes | source | sources | figure | table | box | map | chart | photo | image | caption | example
    | examples | date | time | place | venue | location | tel | telephone | phone | fax | mobile | e-mail |
    email | web | website | url | address | subject | to | from | cc | bcc | re | fw | fwd | sent | received
    | price | title | author | authors | editor | editors | translator | publisher | isbn | issn | doi |
    keywords | keyword | key words | abstract | summary | name | names | age | born | died | nationality |
    occupation | profession | education | experience | skills | languages | language | definition |
    definitions | term | terms | see | see also | compare | cf | pros | cons | before | after | input |
    output | step | steps | result | results | problem | solution | advantages | disadvantages | strengths |
    weaknesses | opportunities | threats | warning | caution | important | tip | hint | remark | remarks |
    comment | comments | observation | proof | theorem | lemma | corollary | proposition | exercise |
    exercises | objective | objectives | goal | goals | aim | aims | method | methods | conclusion |
    conclusions | introduction | background | context | purpose | scope | monday | tuesday | wednesday |
    thursday | friday | saturday | sunday | today | yesterday | tomorrow | update | updated | published |
    last updated | total | number | amount | year | month | day | page | pages | volume | issue | chapter |
    section | part | article | item | items | ref | reference | references | attachment | attachments |
    appendix | annex | enclosure | status | version | type | category | categories | tags | capital |
    population | area | currency | ingredients | directions | serves | yield | photo credit | credit |
    credits | read more | related | link | links | first | second | third | finally | and | but | or | yes |
    no | however | therefore | thus | fact | facts | true | false | left | right | top | bottom
    """
)
# What title pages call a document, by the CSL type it is.
GENRES = {
    "report": _words(
        """
        report | policy report | policy brief | policy paper | white paper | working paper |
        discussion paper | research paper | issue brief | briefing | annual report | bericht | rapport |
        informe | hesabat | rapor | доклад | отчет | отчёт
        """
    ),
    "periodical": _words(
        """
        bulletin | newsletter | monthly bulletin | weekly bulletin | digest | magazine | byulleten |
        bülleten | bülten | бюллетень | mitteilungen
        """
    ),
    "interview": _words(
        """
        interview | an interview | q a | müsahibə | röportaj | интервью | entrevista | entretien |
        intervista
        """
    ),
    "thesis": _words(
        """
        thesis | dissertation | phd thesis | master s thesis
        """
    ),
    "speech": _words(
        """
        speech | address | rede | discours
        """
    ),
}
