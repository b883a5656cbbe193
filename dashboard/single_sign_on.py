"""Signing in through another service, by settings alone: which of allauth's providers there are, and with what."""

from __future__ import annotations

from typing import Any

from dashboard import environment as env

# What a provider is asked for, where allauth's own default is not what is needed.
_SCOPES = {"google": ["openid", "profile", "email"], "github": ["user:email"], "gitlab": ["read_user"]}


def apps(providers: dict[str, Any]) -> list[str]:
    """Those of allauth. That for OpenID Connect answers 404 where it is not set, the others need to stay away."""
    return [f"allauth.socialaccount.providers.{name}" for name in {"openid_connect": None, **providers}]


def service(name: str, client_id: str, secret: str) -> dict[str, Any]:
    """One of those that allauth knows by name. Half of a pair stops the start."""
    if not _both(f"SSO_{name.upper()}", client_id, secret):
        return {}
    return {
        name: {
            "APPS": [{"client_id": client_id, "secret": secret}],
            "OAUTH_PKCE_ENABLED": True,
            "SCOPE": _SCOPES[name],
        }
    }


def oidc(name: str, issuer: str, client_id: str, secret: str) -> dict[str, Any]:
    """Any OpenID Connect provider."""
    both = _both("SSO_OIDC", client_id, secret)
    if both != bool(issuer):
        env.stop("SSO_OIDC_ISSUER", "set together with SSO_OIDC_CLIENT_ID and SSO_OIDC_CLIENT_SECRET")
    if not both:
        return {}
    app = {"provider_id": "sso", "name": name, "client_id": client_id, "secret": secret}
    app_settings = {"server_url": issuer.rstrip("/")}
    return {"openid_connect": {"APPS": [{**app, "settings": app_settings}], "OAUTH_PKCE_ENABLED": True}}


def _both(prefix: str, client_id: str, secret: str) -> bool:
    if bool(client_id) != bool(secret):
        env.stop(f"{prefix}_CLIENT_SECRET" if client_id else f"{prefix}_CLIENT_ID", "set together with its other half")
    return bool(client_id)
