"""The house keeps its shape: five packages, one way, nothing that shadows or hides."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.domain.contract import Contract

ROOT = Path(__file__).parents[1]
PACKAGES = {"corpus", "index", "rag", "eval", "api"}
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: dict[str, Callable[..., Contract]] = {
    "layers": LayersContract,
    "acyclic_siblings": AcyclicSiblingsContract,
    "forbidden": ForbiddenContract,
}


def modules() -> Iterator[Path]:
    """Every Python file of the five packages."""
    for package in sorted(PACKAGES):
        yield from sorted((ROOT / package).rglob("*.py"))


def named(path: Path) -> str:
    """The name under which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {named(path): path for path in modules()}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}


def test_the_packages_are_five_and_every_tool_knows_them() -> None:
    told = {
        "folders": {path.parent.name for path in ROOT.glob("*/__init__.py")},
        "wheel": set(PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]),
        "ruff": set(PYPROJECT["tool"]["ruff"]["lint"]["isort"]["known-first-party"]),
        "mypy": set(PYPROJECT["tool"]["mypy"]["files"]) - {"tests", "scripts"},
        "coverage": set(PYPROJECT["tool"]["coverage"]["run"]["source_pkgs"]),
        "import-linter": set(PYPROJECT["tool"]["importlinter"]["root_packages"]),
    }
    assert told == dict.fromkeys(told, PACKAGES)


def test_every_package_says_that_it_is_typed() -> None:
    assert {path.parent.name for path in ROOT.glob("*/py.typed")} == PACKAGES


def test_folders_of_tests_are_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_every_folder_of_code_is_a_package() -> None:
    assert {path.parent for path in modules()} == {
        path.parent for path in modules() if path.name == "__init__.py"
    }


def test_init_files_hold_a_docstring_alone() -> None:
    inits = {name: tree for name, tree in TREES.items() if FILES[name].name == "__init__.py"}
    assert [name for name, tree in inits.items() if len(tree.body) != 1 or not ast.get_docstring(tree)] == []


def test_no_module_is_named_like_one_of_the_standard_library() -> None:
    assert [name for name in FILES if name.rpartition(".")[2] in sys.stdlib_module_names] == []


def imports() -> Iterator[tuple[str, str, str]]:
    """(importer, module, name) of each `from module import name` of ours."""
    for importer, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES:
                yield from ((importer, node.module or "", alias.name) for alias in node.names)


def defined(tree: ast.Module) -> set[str]:
    """Names that a module defines itself, rather than imports."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def test_names_are_imported_from_the_file_that_defines_them() -> None:
    astray = [
        f"{importer}: from {module} import {name}"
        for importer, module, name in imports()
        if f"{module}.{name}" not in FILES and name not in defined(TREES[module])
    ]
    assert astray == []


def test_packages_are_never_imported_as_a_whole() -> None:
    """`import eval` would hide a builtin, `import index` everybody's variable."""
    whole = [
        f"{importer}: import {alias.name}"
        for importer, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name.split(".")[0] in PACKAGES
    ]
    assert whole == []


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom."""
    return grimp.build_graph(*sorted(PACKAGES), include_external_packages=True, cache_dir=None)


def broken(graph: grimp.ImportGraph) -> set[str]:
    """The contracts of pyproject.toml that an import graph breaks."""
    told: dict[str, Any] = read_configuration(str(ROOT / "pyproject.toml"))
    contracts = [
        CONTRACTS[options["type"]](options["name"], told["session_options"], options)
        for options in told["contracts_options"]
    ]
    return {c.name for c in contracts if not c.check(deepcopy(graph), verbose=False).kept}


def test_imports_keep_the_contracts(graph: grimp.ImportGraph) -> None:
    assert broken(graph) == set()


LAYERS = "Layers point one way"
WEB = "Only api knows the web"
ENGINES = "Only index knows the engines"


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("corpus.records", "index.records", LAYERS),
        ("index.records", "rag.records", LAYERS),
        ("rag.records", "eval.spans", LAYERS),
        ("eval.spans", "api.settings", LAYERS),
        ("corpus.records", "corpus.load", "No cycles inside a package"),
        ("index.records", "index.reader", "No cycles inside a package"),
        ("rag.records", "rag.answer", "No cycles inside a package"),
        ("eval.spans", "eval.run", "No cycles inside a package"),
        ("api.settings", "api.app", "No cycles inside a package"),
        ("corpus.load", "fastapi", WEB),
        ("index.store", "starlette", WEB),
        ("rag.answer", "uvicorn", WEB),
        ("eval.run", "rich", WEB),
        ("corpus.load", "torch", ENGINES),
        ("rag.answer", "faiss", ENGINES),
        ("eval.run", "tantivy", ENGINES),
        ("api.service", "sqlite3", ENGINES),
    ],
)
def test_an_import_that_should_not_be_breaks_a_contract(
    graph: grimp.ImportGraph, importer: str, imported: str, contract: str
) -> None:
    planted = deepcopy(graph)
    if imported not in planted.modules:
        planted.add_module(imported, is_squashed=True)
    planted.add_import(importer=importer, imported=imported)
    assert contract in broken(planted)


def test_the_command_line_imports_nothing_heavy() -> None:
    """So that `pincite --help` and `pincite version` answer at once."""
    heavy = [
        "torch",
        "faiss",
        "sentence_transformers",
        "transformers",
        "fastapi",
        "pydantic",
        "rich",
        "numpy",
    ]
    code = f"import sys, api.cli.main; print(*[name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
