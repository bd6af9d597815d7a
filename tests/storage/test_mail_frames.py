"""The table of mails' frames and its fake, through the same cases."""

import contextlib
import random

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient

from shared.adapters.frames_table import LONGEST_PROPERTY, TABLE, FramesTable
from shared.adapters.storage_access import ByConnectionString
from shared.failures import TemporaryFailure
from shared.kept_mails.refusal import LARGEST_FRAME
from shared.ports import MailFrames
from shared.values.mail_frame import digest_of
from tests.fakes.mail_frames import FakeMailFrames

CHANCE = random.Random(2026)  # noqa: S311 - test data


@pytest.fixture(params=["fake", "azurite"])
def frames(request: pytest.FixtureRequest) -> MailFrames:
    if request.param == "fake":
        return FakeMailFrames()
    connection = request.getfixturevalue("azurite")
    with contextlib.suppress(ResourceExistsError):
        TableServiceClient.from_connection_string(connection).create_table(TABLE)
    return FramesTable(ByConnectionString(connection_string=connection))


@pytest.mark.parametrize(
    "frame",
    [
        '{"text":"Grüße"}'.encode(),
        b"<p>once more</p>" * 50_000,  # less than one property, compressed
        CHANCE.randbytes(LONGEST_PROPERTY - 100),
        CHANCE.randbytes(3 * LONGEST_PROPERTY),
        CHANCE.randbytes(LARGEST_FRAME),
    ],
    ids=["small", "repetitive", "one property", "several properties", "the largest"],
)
def test_a_frame_comes_back_byte_for_byte(frames: MailFrames, frame: bytes) -> None:
    frames.put(digest_of(frame), frame)
    assert frames.find(digest_of(frame)) == frame


def test_putting_it_again_changes_nothing(frames: MailFrames) -> None:
    frames.put("a" * 64, b"first")
    frames.put("a" * 64, b"second")
    assert frames.find("a" * 64) == b"first"


def test_what_is_not_there_is_none(frames: MailFrames) -> None:
    assert frames.find("0" * 64) is None


def test_reaching_it_says_nothing(frames: MailFrames) -> None:
    frames.reach()


def test_a_missing_table_is_a_temporary_failure(azurite: str) -> None:
    with TableServiceClient.from_connection_string(azurite) as service:
        service.create_table_if_not_exists(TABLE)
        service.delete_table(TABLE)
    table = FramesTable(ByConnectionString(connection_string=azurite))
    with pytest.raises(TemporaryFailure, match=r"^table mailframes does not exist$"):
        table.put("a" * 64, b"x")


def test_storage_that_does_not_answer_is_a_temporary_failure() -> None:
    dead = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        "AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;"
    )
    table = FramesTable(ByConnectionString(connection_string=dead))
    with pytest.raises(TemporaryFailure, match=r"^table mailframes"):
        table.reach()
    with pytest.raises(TemporaryFailure, match=r"^table mailframes"):
        table.put("a" * 64, b"x")
    with pytest.raises(TemporaryFailure, match=r"^table mailframes"):
        table.find("a" * 64)


def test_a_damaged_row_gives_another_content_and_no_crash(azurite: str) -> None:
    with TableServiceClient.from_connection_string(azurite) as service:
        table = service.create_table_if_not_exists(TABLE)
        table.upsert_entity({"PartitionKey": "frame", "RowKey": "b" * 64, "content0": b"no zlib"})
        table.upsert_entity({"PartitionKey": "frame", "RowKey": "c" * 64})
    frames = FramesTable(ByConnectionString(connection_string=azurite))
    assert frames.find("b" * 64) == b""
    assert frames.find("c" * 64) == b""
