from django.contrib import admin
from django.urls import include, path

from common import sign_in
from config import health

urlpatterns = [
    path("", include("hotline.citizen.urls", namespace="citizen")),
    path("", include("console.urls", namespace="console")),
    path("crew/", include("crew.urls", namespace="crew")),
    path("insights/", include("insights.urls", namespace="insights")),
    path("hooks/", include("notifications.urls", namespace="hooks")),
    path("hooks/", include("hotline.hook_urls", namespace="line")),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("i18n/set-language/", sign_in.set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
