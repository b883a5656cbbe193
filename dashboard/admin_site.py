"""The operator's admin: everything to look at, little to change, no secret anywhere. Others are told nothing of it.

What has an action of its own is changed by that action, so that its rules hold here too.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from accounts.access.actor import Actor
from accounts.access.permissions import ROLE_PERMISSIONS, Role
from accounts.actions.grants import set_plan
from accounts.models import Notice, Organization, Plan, User
from dashboard.access import staff
from dashboard.organization_export import SECRET_FIELDS

_OURS = ("accounts", "processing", "integrations")
# Signing in and out and the password are everybody's pages.
_ELSEWHERE = {"login": "account_login", "logout": "account_logout", "password_change": "account_change_password"}
_NOT_HERE = {*_ELSEWHERE, "password_change_done", "view_on_site"}
_HIDDEN = SECRET_FIELDS | {"password", "headers", "body"}
_COLUMNS = 7


class OperatorSite(AdminSite):
    site_header = site_title = "Packshot"
    index_title = "Operator"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return staff(super().admin_view(view, cacheable))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        kept = [each for each in super().get_urls() if getattr(each, "name", None) not in _NOT_HERE]
        led = [
            path(f"{name}/", staff(RedirectView.as_view(pattern_name=there)), name=name)
            for name, there in _ELSEWHERE.items()
        ]
        return [*led, *kept]


class Look(ModelAdmin):  # type: ignore[type-arg]
    """Every field but the secret ones, and nothing to change."""

    list_per_page = 50
    show_full_result_count = False
    list_max_show_all = 50
    actions = None

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._shown()[:_COLUMNS]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        """What the columns name, also where it may be missing: by itself the admin asks for that row by row."""
        return [name for name in self._shown()[:_COLUMNS] if self.model._meta.get_field(name).is_relation]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._shown()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self._shown()

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["-pk"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _shown(self) -> list[str]:
        return [field.name for field in self.model._meta.concrete_fields if field.name not in _HIDDEN]


class Change(Look):
    """A row that the operator makes and changes."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.concrete_fields if not field.editable or field.primary_key]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)


class OrganizationAdmin(Look):
    """Its plan can be changed; the plan's monthly credits come with it."""

    search_fields = ("name", "slug")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self._shown() if name != "plan"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        assert isinstance(request.user, User)
        actor = Actor(obj, request.user, Role.OWNER, ROLE_PERMISSIONS[Role.OWNER])
        set_plan(actor, plan=obj.plan)


class UserAdmin(Look):
    """Somebody can be shut out, and made an operator."""

    search_fields = ("email", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self._shown() if name not in {"is_active", "is_staff"}]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Nobody locks themselves out.
        return self.admin_site.has_permission(request) and (obj is None or obj != request.user)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.save(update_fields=["is_active", "is_staff"])


_SPECIAL: dict[type[models.Model], type[Look]] = {
    Organization: OrganizationAdmin,
    User: UserAdmin,
    Plan: Change,
    Notice: Change,
}


def _plural(name: str) -> str:
    """Django adds an s to everything."""
    if name.endswith("s"):
        return name
    return f"{name[:-1]}ies" if name.endswith("y") and name[-2] not in "aeiou" else f"{name}s"


site = OperatorSite(name="admin")
for _model in apps.get_models():
    if _model._meta.app_label in _OURS:
        # Here and not in Meta: no migration for words that nobody but the operator reads.
        _model._meta.verbose_name_plural = _plural(str(_model._meta.verbose_name))
        site.register(_model, _SPECIAL.get(_model, Look))
