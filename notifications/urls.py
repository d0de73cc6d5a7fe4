"""Channels, and the log of what was said over them."""

from django.urls import path

from notifications.views import channels, deliveries

app_name = "notifications"
urlpatterns = [
    path("", channels.list, name="channel_list"),
    path("channels/new/<str:kind>/", channels.create, name="channel_create"),
    path("channels/<int:pk>/", channels.edit, name="channel_edit"),
    path("channels/<int:pk>/test/", channels.test, name="channel_test"),
    path("channels/<int:pk>/deletion/", channels.delete, name="channel_delete"),
    path("deliveries/<int:pk>/attempts/", deliveries.attempt_create, name="attempt_create"),
]
