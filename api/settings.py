"""Settings: flag over environment over `pincite.toml` over default, read once, from mappings passed in."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from api.errors import SettingsError

FILE_NAME = "pincite.toml"
PREFIX = "PINCITE_"
_SECRET = frozenset({"write_token", "generator_key"})
_PATHS = frozenset({"data", "calibration"})
_CHOICES = {
    "precision": ("auto", "float32", "bfloat16"),
    "late": ("auto", "off", "small", "default", "full"),
}
_RANGES = {
    "port": (0, 65535),
    "max_body_mib": (1, 4096),
    "url_max_mib": (1, 64),
    "trusted_proxies": (0, 10),
    "address_per_minute": (0, 1_000_000),
    "generator_timeout_s": (1, 600),
}
_SWITCHES = {
    "true": True,
    "1": True,
    "on": True,
    "yes": True,
    "false": False,
    "0": False,
    "off": False,
    "no": False,
}
# Names that other programs know too. A key alone names no address: no document is sent anywhere for it.
_ALSO = {
    "generator_url": "OPENAI_BASE_URL",
    "generator_key": "OPENAI_API_KEY",
    "generator_model": "OPENAI_MODEL",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set, by its name in the file; in the environment, in upper case behind PINCITE_."""

    data: Path = Path(".pincite/data")
    embedder: str = "all-MiniLM-L6-v2"  # or any sentence-transformers id or folder
    reranker: str = ""  # a sentence-transformers cross-encoder, id or folder, to read the best passages again
    device: str = "cpu"
    precision: str = "auto"  # auto: what the index was made with, else the faster one here
    late: str = "auto"  # how much is kept of tokens; auto: what the index keeps, else the default
    host: str = "127.0.0.1"
    port: int = 8000
    hosts: tuple[str, ...] = ()  # names to answer to; none is any, but on a loopback address its own alone
    max_body_mib: int = 32  # of a request
    write_token: str = field(default="", repr=False)  # when set, changes over HTTP need it as a bearer token
    trusted_proxies: int = 0  # in front of us; each adds an address to X-Forwarded-For
    address_per_minute: int = 0  # questions from one address that names no site; 0 is no limit
    public_url: str = ""  # where readers reach this server, for links in exports; none is where it listens
    generator_url: str = ""  # of an OpenAI-compatible server, with its /v1; none is no language model
    generator_key: str = field(default="", repr=False)
    generator_model: str = ""  # none is the first that the server lists
    generator_timeout_s: int = 30  # for a whole answer
    risk: float | None = None  # of an unsupported answer that is taken; none is what the calibration says
    calibration: Path | None = None  # a file that `pincite eval calibrate` wrote; none is the one that ships
    url_sources: bool = False  # whether clients of the server may have addresses of the web fetched
    url_max_mib: int = 10  # of a document that is fetched
    url_ports: tuple[int, ...] = (80, 443)  # that documents are fetched from


def read_settings(environment: Mapping[str, str], file: Path | None = None, **flags: object) -> Settings:
    """Settings from flags (None is not given), the environment, and a TOML file if it exists.

    Raises SettingsError with every value that does not fit, and where it came from.
    """
    values: dict[str, tuple[object, str]] = {}
    path = file or Path(FILE_NAME)
    known = {known.name: known for known in fields(Settings)}
    faults: list[str] = []
    for name, value in _file(path).items():
        if name in known:
            values[name] = (value, str(path))
        else:
            faults.append(f"{path}: unknown setting {name!r}; known are {', '.join(known)}")
    for name in known:
        for variable in (_ALSO.get(name), PREFIX + name.upper()):
            if variable and (text := environment.get(variable)):
                values[name] = (text, variable)
    values |= {name: (value, f"--{name}") for name, value in flags.items() if value is not None}
    made: dict[str, Any] = {}
    for name, (value, origin) in values.items():
        try:
            made[name] = _convert(name, value)
        except (ValueError, RuntimeError) as error:  # RuntimeError: a home that nobody has
            faults.append(f"{origin}: {error}")
    if faults:
        raise SettingsError("; ".join(faults))
    return Settings(**made)


def effective(settings: Settings) -> dict[str, str | int | float]:
    """The settings as plain values, secrets masked."""
    return {known.name: _plain(known.name, getattr(settings, known.name)) for known in fields(Settings)}


def _plain(name: str, value: object) -> str | int | float:
    if name in _SECRET and value:
        return "********"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if value is None:
        return ""
    return value if isinstance(value, int | float) else str(value)


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as TOML: {error}") from error


def _convert(name: str, value: object) -> object:
    if name in _RANGES:
        return _number(name, value)
    if name in _READERS:
        return _READERS[name](name, value)
    if name == "hosts":
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(host, str) for host in names):
            raise ValueError(f"hosts must be names, found {value!r}")
        return tuple(host.strip() for host in names if host.strip())
    if not isinstance(value, str | Path):
        raise ValueError(f"{name} must be text, found a {type(value).__name__}")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ValueError(f"{name} must be one of {', '.join(_CHOICES[name])}, found {value!r}")
    if name == "generator_url" and value:
        _address(str(value))
    if name == "generator_key" and not (str(value).isascii() and str(value).isprintable()):
        raise ValueError("generator_key must be printable ASCII; check what was copied")
    return Path(value).expanduser() if name in _PATHS else str(value)


def _switch(name: str, value: object) -> bool:
    found = _SWITCHES.get(str(value).lower())
    if found is None:
        raise ValueError(f"{name} must be true or false, found {value!r}")
    return found


def _ports(name: str, value: object) -> tuple[int, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(str(part).strip().isdecimal() for part in parts):
        raise ValueError(f"{name} must be numbers of ports, found {value!r}")
    ports = tuple(int(str(part)) for part in parts)
    if not ports or not all(0 < port < 65_536 for port in ports):
        raise ValueError(f"{name} must be numbers from 1 to 65535, found {value!r}")
    return ports


def _share(name: str, value: object) -> float:
    try:
        share = float(str(value))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(
            f"{name} must be a number from 0 (never answer unless certain) to 1, found {value!r}"
        )
    return share


def _address(url: str) -> None:
    """Raise ValueError for what is no address, or holds a secret that would be shown with it."""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query:
        raise ValueError("generator_url must hold no key or password; give the key as generator_key")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"generator_url must be like http://HOST:PORT/v1, found {url!r}")


def _number(name: str, value: object) -> int:
    low, high = _RANGES[name]
    try:
        number = int(str(value))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise ValueError(f"{name} must be a number from {low} to {high}, found {value!r}")
    return number


_READERS: dict[str, Callable[[str, object], object]] = {
    "risk": _share,
    "url_sources": _switch,
    "url_ports": _ports,
}
