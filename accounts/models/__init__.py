from accounts.models.api_key import ApiKey
from accounts.models.approval import Approval
from accounts.models.audit_entry import AuditEntry
from accounts.models.budget import Budget, BudgetMonth
from accounts.models.idempotent_call import IdempotentCall
from accounts.models.invitation import Invitation
from accounts.models.ledger_entry import LedgerEntry
from accounts.models.membership import Membership
from accounts.models.notice import Notice
from accounts.models.notification import DigestItem, NotificationChoice
from accounts.models.organization import Organization
from accounts.models.plan import Plan
from accounts.models.signing_secret import OrganizationWebhookSecret
from accounts.models.team import Team, TeamPlace
from accounts.models.usage_day import UsageDay
from accounts.models.usage_rollup import UsageRollup
from accounts.models.user import User
from accounts.models.webhook_delivery import WebhookAttempt, WebhookDelivery, WebhookEvent
from accounts.models.webhook_endpoint import WebhookEndpoint

__all__ = [
    "ApiKey",
    "Approval",
    "AuditEntry",
    "Budget",
    "BudgetMonth",
    "DigestItem",
    "IdempotentCall",
    "Invitation",
    "LedgerEntry",
    "Membership",
    "Notice",
    "NotificationChoice",
    "Organization",
    "OrganizationWebhookSecret",
    "Plan",
    "Team",
    "TeamPlace",
    "UsageDay",
    "UsageRollup",
    "User",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
