"""The floor: Django with sessions and sign-in and nothing of the portal in the way, on the same database."""

from unionportal.settings import *  # noqa: F403

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "tests.bench.floor"
WSGI_APPLICATION = None
