"""Refusals as Temporal failures that are not retried and raise no alarm."""

from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverterWithEncodedAttributes, PayloadConverter
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from domain.kernel.refusal import Refusal


class PrivetFailureConverter(DefaultFailureConverterWithEncodedAttributes):
    """A `Refusal` becomes an application failure whose type is its code; messages and stack traces are encrypted."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        if isinstance(exception, Refusal):
            exception = _application_error(exception)
        super().to_failure(exception, payload_converter, failure)


def _application_error(refusal: Refusal) -> ApplicationError:
    error = ApplicationError(
        refusal.detail,
        refusal.extra,
        type=refusal.code,
        non_retryable=True,
        category=ApplicationErrorCategory.BENIGN,
    )
    return error.with_traceback(refusal.__traceback__)
