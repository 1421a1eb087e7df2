"""What the OpenAPI document says of signing in."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class Token(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "hesley_hub.api.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class Session(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "hesley_hub.api.tokens.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
