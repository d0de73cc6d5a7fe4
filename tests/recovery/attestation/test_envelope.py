"""The envelope: what was signed comes out; whatever else is in the file does not."""

import base64
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.attestation.envelope import EnvelopeRefusedError, peek, sign, signers, verify
from recovery.attestation.keys import known_keys, signer

STATEMENT: dict[str, Any] = {
    "_type": "https://in-toto.io/Statement/v1",
    "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
    "subject": [{"name": "ร้าน", "digest": {"sha256": "a" * 64}}],
    "predicate": {"result": "PASSED", "debrief": {"version": 1, "test": {"rpo_seconds": 0.4}, "record": {}}},
}


@pytest.fixture
def signed(key_file: Path) -> str:
    return sign(STATEMENT, signer())


def resigned(**changes: Any) -> str:
    statement = copy.deepcopy(STATEMENT)
    statement.update(changes)
    return sign(statement, signer())


def refused(text: str) -> str:
    with pytest.raises(EnvelopeRefusedError) as caught:
        verify(text, known_keys())
    return str(caught.value)


def altered(text: str, change: Any) -> str:
    envelope = json.loads(text)
    change(envelope)
    return json.dumps(envelope, sort_keys=True, separators=(",", ":"))


def test_what_was_signed_comes_out(signed: str) -> None:
    assert verify(signed, known_keys()) == STATEMENT
    assert verify(signed + "\n", known_keys()) == STATEMENT
    assert peek(signed) == STATEMENT
    assert signers(signed) == [known_keys()[0].key_id]
    assert json.loads(signed)["payloadType"] == "application/vnd.in-toto+json"


def test_equal_statements_have_equal_envelopes(signed: str) -> None:
    assert sign(copy.deepcopy(STATEMENT), signer()) == signed


def test_another_payload_does_not_fit_the_signature(signed: str) -> None:
    payload = base64.b64encode(base64.b64decode(json.loads(signed)["payload"]).replace(b"0.4", b"0.3")).decode()
    assert "does not fit its content" in refused(altered(signed, lambda it: it.update(payload=payload)))


def test_another_type_of_payload_is_refused(signed: str) -> None:
    assert "not an in-toto statement" in refused(altered(signed, lambda it: it.update(payloadType="text/plain")))


def test_another_key_is_not_known(signed: str, key_file: Path) -> None:
    key_file.unlink()
    signer()
    assert "signed by a key that is not known" in refused(signed)


def test_another_key_that_calls_itself_ours_does_not_verify(signed: str, key_file: Path) -> None:
    ours = known_keys()
    key_file.unlink()
    theirs = sign(STATEMENT, signer())
    forged = altered(theirs, lambda it: it["signatures"][0].update(keyid=ours[0].key_id))
    with pytest.raises(EnvelopeRefusedError, match="does not fit its content"):
        verify(forged, ours)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.update(note="more"),
        lambda it: it["signatures"][0].update(note="more"),
        lambda it: it["signatures"].append({"keyid": "f" * 64, "sig": it["signatures"][0]["sig"]}),
        lambda it: it.update(payload=it["payload"].rstrip("=") + "=" * (-len(it["payload"].rstrip("=")) % 4) + "\n"),
    ],
)
def test_nothing_can_be_added_to_it(signed: str, change: Any) -> None:
    text = altered(signed, change)
    assert text != signed
    assert refused(text)


def test_blanks_are_not_what_was_signed(signed: str) -> None:
    assert "not in the form in which it was signed" in refused(json.dumps(json.loads(signed), indent=1))


@pytest.mark.parametrize(
    "text",
    ["", "nothing", "[]", "{}", "1", '{"payload":"","payloadType":"","signatures":[]}', '{"payload":1}', "[" * 100_000,
     '{"payload":"","payloadType":1,"signatures":["x"]}', '{"payload":"ä","payloadType":"x","signatures":[{}]}'],
)  # fmt: skip
def test_what_is_no_envelope_is_called_that(key_file: Path, text: str) -> None:
    signer()
    assert refused(text)
    assert peek(text) is None
    assert signers(text) == [] or text.startswith('{"payload":"","payloadType":""')


@pytest.mark.parametrize(
    "changes", [{"_type": "other"}, {"predicateType": "other"}, {"predicate": {}}, {"predicate": []},
                {"predicate": {"debrief": {"version": 2, "test": {}, "record": {}}}},
                {"predicate": {"debrief": {"version": 1, "test": [], "record": {}}}}],
)  # fmt: skip
def test_a_signed_statement_of_something_else_is_not_taken(key_file: Path, changes: dict[str, Any]) -> None:
    assert "payload is not" in refused(resigned(**changes))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_single_character_can_be_changed(signed: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(signed) - 1))
    sign_ = data.draw(st.characters(codec="ascii").filter(lambda it: it != signed[position]))
    text = signed[:position] + sign_ + signed[position + 1 :]
    if text.strip() != signed:
        assert refused(text)
