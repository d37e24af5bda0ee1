"""How Avito says no: the published error shapes."""

from starlette.responses import JSONResponse, Response

from sandbox.avito.records import Json

MESSAGES = {
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment required",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    429: "Too Many Requests",
    500: "Error while processing request. Please, contact support",
    503: "Service temporarily unavailable. Please, contact support",
}
ANTIBOT = """<!DOCTYPE html>
<html lang="ru"><head><title>Доступ ограничен: проблема с IP</title></head>
<body><h2>Доступ ограничен: проблема с IP</h2><p>Пожалуйста, подтвердите, что вы не робот.</p></body></html>
"""
BAD_GATEWAY = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>
</html>
"""


class Refused(Exception):
    def __init__(
        self, status: int, message: str | None = None, *, fields: dict[str, str] | None = None, violation: bool = False
    ) -> None:
        """`violation`: nobody who has read the published API would make this call."""
        self.status = status
        self.text = message or MESSAGES[status]
        self.fields = fields
        self.violation = f"{self.text} {fields or ''}".strip() if violation else None
        super().__init__(self.text)

    def answer(self) -> Response:
        error: Json = {"code": self.status, "message": self.text}
        if self.fields is not None:
            error["fields"] = self.fields
        return JSONResponse({"error": error}, self.status)


def invalid(**fields: str) -> Refused:
    """The published validatingError: which parameters are wrong, and how."""
    return Refused(400, "Validation error", fields=fields, violation=True)
