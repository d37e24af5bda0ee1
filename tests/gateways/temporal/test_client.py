"""What Temporal stores cannot be read without our keys, whatever went wrong in a workflow."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from pydantic import BaseModel
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest
from temporalio.client import Client, WorkflowFailureError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from domain.kernel.crypto import CannotDecrypt, Keyring
from gateways.temporal.client import connect, data_converter, runtime, tls_config
from gateways.temporal.codec import EncryptionCodec
from supervisor.ports import Reservation

OLD, NEW = b"o" * 32, b"n" * 32
RING = Keyring({"a": OLD}, "a")
ROTATED = Keyring({"b": NEW, "a": OLD}, "b")
SECRET = "Секретов-4508-123456"
MARKS = (SECRET.encode(), b"4508-123456")


class Told(BaseModel):
    text: str


@activity.defn
async def repeat(told: Told) -> Told:
    if told.text.endswith("fail"):
        raise ApplicationError(f"could not repeat {told.text}", told.text, type="Failed", non_retryable=True)
    return told


@workflow.defn(sandboxed=False)
class Parrot:
    @workflow.run
    async def run(self, told: Told) -> Told:
        workflow.upsert_memo({"told": told.text})
        return await workflow.execute_activity(
            repeat, told, start_to_close_timeout=timedelta(seconds=10), summary=f"repeat {told.text}"
        )


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(temporal_address, "default", RING)


async def told(client: Client, text: str) -> tuple[Told | BaseException, bytes]:
    """What the parrot answered, and its raw history."""
    queue = str(uuid4())
    async with Worker(client, task_queue=queue, workflows=[Parrot], activities=[repeat]):
        handle = await client.start_workflow(
            Parrot.run, Told(text=text), id=str(uuid4()), task_queue=queue, static_summary=text, memo={"m": text}
        )
        try:
            answer: Told | BaseException = await handle.result()
        except WorkflowFailureError as error:
            answer = error
    request = GetWorkflowExecutionHistoryRequest(
        namespace=client.namespace, execution=WorkflowExecution(workflow_id=handle.id)
    )
    history = await client.workflow_service.get_workflow_execution_history(request)
    assert len(history.history.events) > 5
    return answer, history.SerializeToString()


async def eager(address: str, converter: DataConverter) -> Client:
    return await Client.connect(address, data_converter=converter)


async def test_arguments_results_memos_and_summaries_are_unreadable_in_the_history(temporal_address: str) -> None:
    answer, history = await told(await connect(temporal_address, "default", RING, lazy=False), SECRET)
    assert answer == Told(text=SECRET)
    assert b"binary/encrypted" in history
    assert not any(mark in history for mark in MARKS)


async def test_messages_details_and_stack_traces_of_failures_are_unreadable_in_the_history(
    temporal_address: str,
) -> None:
    answer, history = await told(await connect(temporal_address, "default", RING, lazy=False), f"{SECRET} fail")
    assert isinstance(answer, WorkflowFailureError)
    cause = answer.cause.__cause__
    assert isinstance(cause, ApplicationError)
    assert SECRET in cause.message
    assert cause.details == (f"{SECRET} fail",)
    assert not any(mark in history for mark in MARKS)
    assert b"could not repeat" not in history
    assert b"test_temporal.py" not in history


async def test_without_the_codec_the_same_history_would_tell_it_all(temporal_address: str) -> None:
    _, history = await told(await eager(temporal_address, pydantic_data_converter), SECRET)
    assert SECRET.encode() in history


async def test_a_history_of_before_a_rotation_is_still_read(temporal_address: str) -> None:
    before = await connect(temporal_address, "default", RING, lazy=False)
    queue, name = str(uuid4()), str(uuid4())
    await before.start_workflow(Parrot.run, Told(text=SECRET), id=name, task_queue=queue)
    after = await connect(temporal_address, "default", ROTATED, lazy=False)
    async with Worker(after, task_queue=queue, workflows=[Parrot], activities=[repeat]):
        assert await after.get_workflow_handle(name, result_type=Told).result() == Told(text=SECRET)


async def test_the_key_id_stands_beside_the_ciphertext() -> None:
    [encoded] = await EncryptionCodec(ROTATED).encode([Payload(metadata={"encoding": b"json/plain"}, data=b'"x"')])
    assert dict(encoded.metadata) == {"encoding": b"binary/encrypted", "encryption-key-id": b"b"}


async def test_payloads_that_were_never_encrypted_pass_through() -> None:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b'"x"')
    codec = EncryptionCodec(RING)
    assert await codec.decode([plain]) == [plain]
    assert await codec.decode([plain, *await codec.encode([plain])]) == [plain, plain]


async def test_a_payload_of_a_lost_key_or_changed_on_the_way_is_not_decoded() -> None:
    [encoded] = await EncryptionCodec(ROTATED).encode([Payload(data=b"x")])
    with pytest.raises(CannotDecrypt):
        await EncryptionCodec(RING).decode([encoded])
    encoded.data = encoded.data[:-1] + bytes([encoded.data[-1] ^ 1])
    with pytest.raises(CannotDecrypt):
        await EncryptionCodec(ROTATED).decode([encoded])


async def test_the_converter_alone_reads_what_it_wrote() -> None:
    converter = data_converter(RING)
    payloads = await converter.encode([Told(text=SECRET)])
    assert SECRET.encode() not in payloads[0].SerializeToString()
    assert await converter.decode(payloads, [Told]) == [Told(text=SECRET)]


async def test_the_api_starts_while_temporal_is_down_and_a_worker_does_not() -> None:
    with Reservation() as ports:
        address = f"127.0.0.1:{ports.take()}"
        lazy = await connect(address, "default", RING)
        with pytest.raises(RuntimeError):
            await lazy.service_client.check_health(timeout=timedelta(seconds=1))
        with pytest.raises(RuntimeError):
            await connect(address, "default", RING, lazy=False)


async def test_a_lazy_client_connects_at_the_first_call(client: Client) -> None:
    assert await client.service_client.check_health(timeout=timedelta(seconds=5))


async def test_metrics_are_served_where_they_were_asked_for(temporal_address: str) -> None:
    with Reservation() as ports:
        bind = f"127.0.0.1:{ports.take()}"
        engine = runtime(bind)
        client = await connect(temporal_address, "default", RING, lazy=False, runtime=engine)
        await client.service_client.check_health(timeout=timedelta(seconds=5))
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"http://{bind}/metrics")
    assert "temporal_request_total" in answer.text


def test_tls_is_off_when_no_file_is_named() -> None:
    assert tls_config() is None


def test_tls_files_are_read(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("cert", "key", "ca")}
    for name, file in files.items():
        file.write_text(name)
    tls = tls_config(**files)
    assert tls is not None
    assert (tls.client_cert, tls.client_private_key, tls.server_root_ca_cert) == (b"cert", b"key", b"ca")
    only_ca = tls_config(ca=files["ca"])
    assert only_ca is not None
    assert only_ca.client_cert is None


def test_half_a_pair_of_tls_files_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="together"):
        tls_config(cert=tmp_path / "cert")
