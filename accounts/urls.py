"""People and the person signed in."""

from django.urls import path

from accounts.views import people, profile

app_name = "accounts"
urlpatterns = [
    path("people/", people.list, name="person_list"),
    path("people/new/", people.create, name="person_create"),
    path("people/<int:pk>/", people.edit, name="person_edit"),
    path("people/<int:pk>/link/", people.link_create, name="person_link_create"),
    path("profile/", profile.edit, name="profile_edit"),
]
