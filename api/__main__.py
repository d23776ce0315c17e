"""`pincite`, or `python -m api`: the command line, with errors as one message and an exit status."""

from __future__ import annotations

import sys

EXIT_DATA = 3  # data or environment; 0 done, 1 found wanting, 2 usage


def main() -> None:
    """Run the command line."""
    from api.cli.main import app
    from corpus.errors import PinciteError

    try:
        app()
    except PinciteError as error:
        print(f"pincite: {error}", file=sys.stderr)
        sys.exit(EXIT_DATA)
    except BrokenPipeError:  # the reader of a pipe went away, as `head` does
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
