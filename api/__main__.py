"""`pincite`, or `python -m api`: the command line, with errors as one message and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; `arguments` are those of the process when None are given."""
    from api.cli.main import app
    from api.cli.options import EXIT_DATA, EXIT_USAGE
    from corpus.errors import PinciteError
    from rag.errors import AskError, CiteError

    try:
        app(arguments, prog_name="pincite")
    except (PinciteError, OSError) as error:
        from api.cli.terminal import clean

        print(f"pincite: {clean(str(error))}", file=sys.stderr)
        sys.exit(EXIT_USAGE if isinstance(error, AskError | CiteError) else EXIT_DATA)


if __name__ == "__main__":
    main()
