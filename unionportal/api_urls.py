"""The API's names; every app registers its own viewsets here, in one list a reader can see whole."""

from rest_framework.routers import SimpleRouter

router = SimpleRouter()
