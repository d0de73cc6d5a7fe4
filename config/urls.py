"""Every address of the application."""

from django.urls import include, path

handler400 = "config.views.bad_request"
handler500 = "config.views.trouble"
urlpatterns = [
    path("accounts/", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("", include("incidents.urls")),
    path("recovery/", include("recovery.urls")),
    path("notifications/", include("notifications.urls")),
    path("api/v1/", include("config.api")),
]
