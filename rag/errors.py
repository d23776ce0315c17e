"""The rag package's branch of the error tree (see `corpus/errors.py`)."""

from corpus.errors import PinciteError


class AskError(PinciteError):
    """A question that cannot be asked as it stands."""

    code = "question_invalid"
