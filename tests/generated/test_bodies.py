"""Bodies that are no messages: lists and plain values are read and written with their types."""

from __future__ import annotations

import json

import httpx
import pytest
from concertpitch_models.runtime.bodies import read, write
from concertpitch_models.runtime.message import Message
from concertpitch_models.runtime.transport import Transport
from concertpitch_models.vertex_v1.models import TunedModelCheckpoint as Checkpoint
from pydantic import RootModel, ValidationError


class Checkpoints(RootModel[list[Checkpoint]]):
    """A list with a name."""


def test_a_list_holds_messages() -> None:
    text = b'[{"epoch": "3", "new": 1}]'
    for found in (read(text, list[Checkpoint]), read(text, Checkpoints).root):
        assert [type(each) for each in found] == [Checkpoint]
        assert found[0].epoch == 3
        assert json.loads(write(found)) == [{"epoch": "3", "new": 1}]
    assert json.loads(write(read(text, Checkpoints))) == [{"epoch": "3", "new": 1}]


def test_plain_values_keep_their_type() -> None:
    assert read(b"12", int) == 12
    assert read(b'"12"', str) == "12"
    assert write([1, "a"]) == b'[1, "a"]'


def test_only_a_message_may_have_no_body() -> None:
    assert read(b"", Message) == Message()
    with pytest.raises(ValidationError):
        read(b"", list[Checkpoint])


def test_a_list_travels_both_ways() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        assert request.headers["content-type"] == "application/json"
        return httpx.Response(200, content=request.content)

    transport = Transport("http://toy.example", http=httpx.Client(transport=httpx.MockTransport(serve)))
    sent = [Checkpoint(epoch=1), Checkpoint(step=2)]
    assert transport.call("POST", "many", list[Checkpoint], body=sent) == sent


def test_what_says_nothing_is_not_read() -> None:
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=b"OK")))
    Transport("http://toy.example", http=http).send("DELETE", "one")
    with pytest.raises(ValidationError):
        Transport("http://toy.example", http=http).call("DELETE", "one", Message)
