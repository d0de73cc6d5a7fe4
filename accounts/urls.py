"""People and the person signed in."""

from django.urls import path

from accounts.views import people, profile, teams, tokens

app_name = "accounts"
urlpatterns = [
    path("people/", people.list, name="person_list"),
    path("people/new/", people.create, name="person_create"),
    path("people/<int:pk>/", people.edit, name="person_edit"),
    path("people/<int:pk>/link/", people.link_create, name="person_link_create"),
    path("teams/", teams.list, name="team_list"),
    path("teams/new/", teams.create, name="team_create"),
    path("teams/<int:pk>/facts/", teams.edit, name="team_edit"),
    path("teams/<int:pk>/retirement/", teams.retirement, name="team_retirement"),
    path("tokens/", tokens.list, name="token_list"),
    path("tokens/new/", tokens.create, name="token_create"),
    path("tokens/<int:pk>/revocation/", tokens.revocation, name="token_revocation"),
    path("profile/", profile.edit, name="profile_edit"),
]
