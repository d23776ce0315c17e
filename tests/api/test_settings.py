from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from api.errors import SettingsError
from api.settings import Settings, effective, read_settings


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    """A file with settings."""
    path = tmp_path / "pincite.toml"
    path.write_text('data = "from-file"\nport = 81\nhost = "10.0.0.1"\n', encoding="utf-8")
    return path


def faults(environment: dict[str, str], file: Path, **flags: object) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        read_settings(environment, file, **flags)
    return str(raised.value).split("; ")


def test_defaults_stand_where_nothing_is_set(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path / "none.toml") == Settings()


def test_a_flag_wins_over_the_environment_over_the_file_over_the_default(toml: Path) -> None:
    read = read_settings({"PINCITE_PORT": "82", "PINCITE_DATA": "from-env"}, toml, data=Path("from-flag"))
    assert read == Settings(data=Path("from-flag"), port=82, host="10.0.0.1", device="cpu")


def test_a_flag_that_is_not_given_and_an_empty_variable_change_nothing(toml: Path) -> None:
    assert read_settings({"PINCITE_PORT": ""}, toml, port=None).port == 81


def test_every_setting_can_come_from_the_environment(tmp_path: Path) -> None:
    given = Settings(
        data=Path("d"),
        embedder="model",
        reranker="cross",
        device="cuda",
        precision="float32",
        late="small",
        host="::1",
        port=1,
        hosts=("a.example", "b.example"),
        max_body_mib=2,
        write_token="token",
        trusted_proxies=3,
        address_per_minute=30,
        public_url="https://c.example",
        generator_url="https://d.example/v1",
        generator_key="key",
        generator_model="model-1",
        generator_timeout_s=60,
        risk=0.25,
        calibration=Path("c.json"),
        url_sources=True,
        url_max_mib=3,
        url_ports=(80, 8080),
    )
    texts = {"hosts": "a.example, b.example", "url_ports": "80, 8080", "url_sources": "on"}
    environment = {
        f"PINCITE_{field.name.upper()}": texts.get(field.name, str(getattr(given, field.name)))
        for field in fields(Settings)
    }
    assert read_settings(environment, tmp_path / "none.toml") == given


@pytest.mark.parametrize("name", ["late", "precision"])
def test_a_choice_that_there_is_not_is_told_with_those_that_there_are(name: str, tmp_path: Path) -> None:
    (fault,) = faults({f"PINCITE_{name.upper()}": "huge"}, tmp_path / "none.toml")
    assert fault.startswith(f"PINCITE_{name.upper()}: {name} must be one of auto, ")
    assert fault.endswith(", found 'huge'")


def test_hosts_may_be_a_list_in_the_file(toml: Path) -> None:
    toml.write_text('hosts = ["a.example", "b.example"]', encoding="utf-8")
    assert read_settings({}, toml).hosts == ("a.example", "b.example")


def test_all_faults_are_told_at_once_with_their_origin(toml: Path) -> None:
    toml.write_text('colour = "red"\ndevice = 7\nport = true\nhosts = [1]\n', encoding="utf-8")
    assert faults({"PINCITE_PRECISION": "int8"}, toml, max_body_mib=0) == [
        f"{toml}: unknown setting 'colour'",
        "known are data, embedder, reranker, device, precision, late, host, port, hosts, max_body_mib, "
        "write_token, trusted_proxies, address_per_minute, public_url, generator_url, "
        "generator_key, generator_model, generator_timeout_s, risk, calibration, url_sources, "
        "url_max_mib, url_ports",
        f"{toml}: device must be text, found a int",
        f"{toml}: port must be a number from 0 to 65535, found True",
        f"{toml}: hosts must be names, found [1]",
        "PINCITE_PRECISION: precision must be one of auto, float32, bfloat16, found 'int8'",
        "--max_body_mib: max_body_mib must be a number from 1 to 4096, found 0",
    ]


@pytest.mark.parametrize("port", ["-1", "65536", "80.5", "http", "9" * 5000])
def test_a_port_that_is_none_is_refused(port: str, toml: Path) -> None:
    assert faults({"PINCITE_PORT": port}, toml)[0].startswith(
        "PINCITE_PORT: port must be a number from 0 to 65535, found"
    )


@pytest.mark.parametrize(("port", "read"), [("0", 0), ("65535", 65535)])
def test_ports_at_the_limits_are_taken(port: str, read: int, toml: Path) -> None:
    assert read_settings({"PINCITE_PORT": port}, toml).port == read


@pytest.mark.parametrize("risk", ["-0.1", "1.1", "nan", "much"])
def test_a_risk_that_is_no_probability_is_refused(risk: str, toml: Path) -> None:
    (fault,) = faults({"PINCITE_RISK": risk}, toml)
    assert fault.startswith("PINCITE_RISK: risk must be a number from 0 (")
    assert fault.endswith(f"to 1, found {risk!r}")


@pytest.mark.parametrize(
    ("value", "read"), [("true", True), ("ON", True), ("1", True), ("false", False), ("no", False)]
)
def test_a_switch_is_read_as_people_write_it(value: str, read: bool, toml: Path) -> None:
    assert read_settings({"PINCITE_URL_SOURCES": value}, toml).url_sources is read


def test_a_switch_that_is_neither_on_nor_off_is_refused(toml: Path) -> None:
    (fault,) = faults({"PINCITE_URL_SOURCES": "perhaps"}, toml)
    assert fault == "PINCITE_URL_SOURCES: url_sources must be true or false, found 'perhaps'"


@pytest.mark.parametrize("ports", ["", "0", "65536", "80;443", "http", "80,-1"])
def test_ports_that_are_none_are_refused(ports: str, toml: Path) -> None:
    toml.write_text(f'url_ports = "{ports}"', encoding="utf-8")
    assert faults({}, toml)[0].startswith(f"{toml}: url_ports must be numbers")


def test_ports_may_be_a_list_in_the_file(toml: Path) -> None:
    toml.write_text("url_ports = [443, 8443]", encoding="utf-8")
    assert read_settings({}, toml).url_ports == (443, 8443)


def test_a_file_that_is_no_toml_is_named(toml: Path) -> None:
    toml.write_text("port: 80", encoding="utf-8")
    assert faults({}, toml)[0].startswith(f"{toml}: cannot be read as TOML: ")


def test_a_home_that_nobody_has_is_a_fault(toml: Path) -> None:
    assert faults({"PINCITE_DATA": "~no-such-user/x"}, toml) == [
        "PINCITE_DATA: Could not determine home directory."
    ]


def test_secrets_are_masked_and_nothing_else() -> None:
    shown = effective(Settings(write_token="s3cret", hosts=("a.example",), generator_key="sk-1"))
    assert shown == {
        "data": ".pincite/data",
        "embedder": "all-MiniLM-L6-v2",
        "reranker": "",
        "device": "cpu",
        "precision": "auto",
        "late": "auto",
        "host": "127.0.0.1",
        "port": 8000,
        "hosts": "a.example",
        "max_body_mib": 32,
        "write_token": "********",
        "trusted_proxies": 0,
        "address_per_minute": 0,
        "public_url": "",
        "generator_url": "",
        "generator_key": "********",
        "generator_model": "",
        "generator_timeout_s": 30,
        "risk": "",
        "calibration": "",
        "url_sources": False,
        "url_max_mib": 10,
        "url_ports": "80, 443",
    }


def test_no_secret_is_shown_as_none() -> None:
    assert effective(Settings())["write_token"] == ""


def test_a_secret_of_the_wrong_type_is_not_repeated(toml: Path) -> None:
    toml.write_text("write_token = 123456", encoding="utf-8")
    assert faults({}, toml) == [f"{toml}: write_token must be text, found a int"]


def test_a_language_model_can_be_named_as_other_programs_name_it(tmp_path: Path) -> None:
    environment = {"OPENAI_BASE_URL": "http://a.example/v1", "OPENAI_API_KEY": "k", "OPENAI_MODEL": "m"}
    read = read_settings(environment, tmp_path / "none.toml")
    assert (read.generator_url, read.generator_key, read.generator_model) == ("http://a.example/v1", "k", "m")


def test_our_own_names_of_a_language_model_win(tmp_path: Path) -> None:
    environment = {"OPENAI_BASE_URL": "http://a.example/v1", "PINCITE_GENERATOR_URL": "http://b.example/v1"}
    assert read_settings(environment, tmp_path / "none.toml").generator_url == "http://b.example/v1"


def test_a_key_alone_sends_no_document_anywhere(tmp_path: Path) -> None:
    assert read_settings({"OPENAI_API_KEY": "k"}, tmp_path / "none.toml").generator_url == ""


@pytest.mark.parametrize("url", ["a.example/v1", "ftp://a.example", "http://", "file:///etc/passwd"])
def test_an_address_of_a_language_model_that_is_none_is_refused(url: str, toml: Path) -> None:
    assert faults({"PINCITE_GENERATOR_URL": url}, toml) == [
        f"PINCITE_GENERATOR_URL: generator_url must be like http://HOST:PORT/v1, found {url!r}"
    ]


@pytest.mark.parametrize("url", ["http://me:s3cret@a.example/v1", "http://a.example/v1?key=s3cret"])
def test_an_address_with_a_secret_in_it_is_refused_and_not_repeated(url: str, toml: Path) -> None:
    (fault,) = faults({"PINCITE_GENERATOR_URL": url}, toml)[:1]
    assert fault == "PINCITE_GENERATOR_URL: generator_url must hold no key or password"


def test_a_key_that_no_header_can_hold_is_refused_and_not_repeated(toml: Path) -> None:
    assert faults({"OPENAI_API_KEY": "sk-1\n"}, toml)[0] == (
        "OPENAI_API_KEY: generator_key must be printable ASCII"
    )


def test_settings_do_not_show_their_secrets_when_they_are_printed() -> None:
    assert "s3cret" not in repr(Settings(write_token="s3cret", generator_key="s3cret"))
