"""Payloads as JSON by Pydantic, with one type adapter per type for the whole process."""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import CompositePayloadConverter, DefaultPayloadConverter, JSONPlainPayloadConverter


@lru_cache(maxsize=256)
def adapter_of(kind: Any) -> TypeAdapter[Any]:
    """A cached adapter: building one costs milliseconds, and each workflow instance has its own converter.

    Bounded, because a type made by the sandbox would keep its whole instance alive.
    """
    return TypeAdapter(kind)


class SharedJsonConverter(PydanticJSONPlainPayloadConverter):
    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        return adapter_of(Any if type_hint is None else type_hint).validate_json(payload.data)


class PrivetPayloadConverter(CompositePayloadConverter):
    """The SDK's converters with this one for plain JSON."""

    def __init__(self) -> None:
        known = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(
            *(SharedJsonConverter() if isinstance(one, JSONPlainPayloadConverter) else one for one in known)
        )
