"""What stands between a request and its page: the middleware in its order, and how templates are found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

MIDDLEWARE = [
    "dashboard.middleware.RequestIdMiddleware",
    "dashboard.api.cors.CorsMiddleware",
    "dashboard.api.legacy.LegacyMiddleware",
    "dashboard.api.edge.ApiEdgeMiddleware",
    "dashboard.api.head.HeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dashboard.idle_sessions.IdleSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.middleware.TimeZoneMiddleware",
    "dashboard.middleware.LanguageMiddleware",
    "dashboard.middleware.ErrorPageMiddleware",
]


def templates(folder: Path) -> list[dict[str, Any]]:
    """For TEMPLATES."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [folder],
            "OPTIONS": {
                "loaders": [
                    (
                        "template_partials.loader.Loader",
                        [
                            (
                                "django.template.loaders.cached.Loader",
                                [
                                    "django.template.loaders.filesystem.Loader",
                                    "django.template.loaders.app_directories.Loader",
                                ],
                            )
                        ],
                    )
                ],
                "builtins": [
                    "template_partials.templatetags.partials",
                    "dashboard.templatetags.access",
                    "dashboard.templatetags.remembered",
                ],
                "libraries": {"i18n": "dashboard.templatetags.remembered_i18n"},
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "dashboard.shell.shell",
                ],
            },
        }
    ]
