"""How people sign up, sign in and stay signed in: passwords, addresses, other services, two-factor and sessions."""

from __future__ import annotations

from dashboard import environment as env

SIGN_UP_OPEN = env.boolean("SIGN_UP_OPEN", default=True)
EMAIL_CONFIRMATION_REQUIRED = env.boolean("EMAIL_CONFIRMATION_REQUIRED", default=False)
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "dashboard.password_words.NotOfTheProduct"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "dashboard.sign_up.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "dashboard.sign_up.OrganizationFields"
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_CONFIRMATION_REQUIRED else "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "dashboard.sign_up.display"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# How long a sign-in, or a password typed again, is proof enough for keys, credentials and the like.
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.integer("REAUTHENTICATION_MINUTES", 30, least=1, most=1440) * 60
ACCOUNT_RATE_LIMITS = {
    "login": None,  # wrong ones alone are counted, below
    # Of one address, and of one address for one account: a stranger's tries shut nobody else out. A browser that the
    # person has signed in with before has a count of its own (dashboard/sign_in_limits.py).
    "login_failed": "30/m/ip,5/5m/key",
    "login_failed_known_browser": "10/5m/key",
}
SOCIALACCOUNT_ADAPTER = "dashboard.social_sign_in.SocialSignIn"
SOCIALACCOUNT_AUTO_SIGNUP = False  # the organization's name is asked for
# A link and not a form: the redirect of a form to another site is what form-action forbids.
SOCIALACCOUNT_LOGIN_ON_GET = True
# By address only where both sides have confirmed it (dashboard/social_sign_in.py).
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
MFA_ADAPTER = "dashboard.two_factor.TwoFactorAdapter"
MFA_FORMS = {
    "authenticate": "dashboard.two_factor.CodeForm",
    "reauthenticate": "dashboard.two_factor.CodeAgainForm",
    "activate_totp": "dashboard.two_factor.AddAppForm",
    "add_webauthn": "dashboard.two_factor.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_TOLERANCE = 1  # clocks of phones differ
# Two-factor needs a confirmed address (dashboard/two_factor.py); changing to a new one needs none yet.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Not through the cache: who has signed out while Redis was away would be signed in again by what it remembers.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_SECONDS = env.integer("SESSION_IDLE_MINUTES", 7 * 24 * 60, least=0, most=14 * 24 * 60) * 60
