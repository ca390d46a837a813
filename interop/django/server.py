"""A Django REST Framework server with a view for each contract."""

import base64
import hashlib
import json
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    DATA_UPLOAD_MAX_MEMORY_SIZE=16 << 20,
    INSTALLED_APPS=["rest_framework"],
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None},
    ROOT_URLCONF="server",
    SECRET_KEY="not used",
)
django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import re_path
from django.views.generic import RedirectView
from rest_framework.response import Response
from rest_framework.views import APIView

from mixin import HmacMixin
from page import signed
from nextcloud import EitherEncodingAuthentication, NextcloudAuthentication

KEYS = json.loads((Path(__file__).parent.parent / "keys.json").read_text("utf-8"))
NextcloudAuthentication.clients = {"nextcloud-app": base64.b64decode(KEYS["nextcloud"], validate=True)}


class Echo(APIView):
    """Answers with what the view saw, so that a test can compare it with what was sent."""

    def answer(self, request):
        return Response({"path": request.path, "sha256": hashlib.sha256(request.body).hexdigest()})

    get = post = put = patch = delete = answer


class NextcloudView(Echo):
    authentication_classes = [NextcloudAuthentication]

    def initial(self, request, *args, **kwargs):
        request.body  # Read before DRF parses the stream.
        super().initial(request, *args, **kwargs)


class EitherEncodingView(NextcloudView):
    authentication_classes = [EitherEncodingAuthentication]


class MixinView(HmacMixin, Echo):
    secret = KEYS["django"]

    def get_authenticate_header(self, request):
        return "HMAC"


@signed
def page(request):
    return HttpResponse()


urlpatterns = [
    re_path("^page/", page),
    re_path("^api/", NextcloudView.as_view()),
    re_path("^either/", EitherEncodingView.as_view()),
    re_path("^mixin/", MixinView.as_view()),
    re_path("^redirect/", RedirectView.as_view(url="/api/v1/ping/")),
]
application = WSGIHandler()
