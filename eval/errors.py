"""The eval package's branch of the error tree (see `corpus/errors.py`)."""

from corpus.errors import PinciteError


class EvaluationError(PinciteError):
    """An evaluation set that cannot be read, or does not fit the index; the message lists every fault."""

    code = "evaluation_invalid"
