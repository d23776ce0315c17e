"""The rag package's branch of the error tree (see `corpus/errors.py`).

AskError                     a question that cannot be asked
└── QuoteError               a quotation that is too short to mean anything, or too long
CiteError                    spans that nothing can be cited at
StyleError                   a bibliography that cannot be formatted here
GeneratorError               a language model that fails, stalls or says what nobody can read
CalibrationError             a file of confidence parameters that is none
"""

from corpus.errors import PinciteError


class AskError(PinciteError):
    """A question that cannot be asked as it stands."""

    code = "question_invalid"


class QuoteError(AskError):
    """A quotation of which there is too little to mean anything, or too much to look up."""

    code = "quotation_invalid"


class CiteError(PinciteError):
    """Spans that lie outside of their text, or where no passage stands."""

    code = "citation_invalid"


class StyleError(PinciteError):
    """The program that formats bibliographies is missing or failed."""

    code = "style_unavailable"


class GeneratorError(PinciteError):
    """A language model that cannot be reached, fails, stalls or answers in no form that is known.

    Its message is fit to be shown: no address, no key, nothing of what the model sent.
    """

    code = "model_unavailable"


class CalibrationError(PinciteError):
    """A file of confidence parameters that cannot be read, or is of another version."""

    code = "calibration_invalid"
