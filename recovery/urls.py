"""Databases, restore tests, evidence."""

from django.urls import path

from recovery.views import databases, evidence, example, replicas, restore_tests

app_name = "recovery"
database = "databases/<str:name>/"
urlpatterns = [
    path("", databases.list, name="database_list"),
    path("example/", example.create, name="example_create"),
    path("databases/new/", databases.create, name="database_create"),
    path(database, databases.detail, name="database"),
    path(f"{database}objectives/", databases.edit, name="database_edit"),
    path(f"{database}replicas/new/", replicas.create, name="replica_create"),
    path(f"{database}replicas/<str:replica>/folder/", replicas.edit, name="replica_edit"),
    path(f"{database}replicas/<str:replica>/preparation/", replicas.preparation, name="replica_preparation"),
    path(f"{database}replicas/<str:replica>/tests/", restore_tests.create, name="restore_test_create"),
    path("tests/<int:number>/", restore_tests.detail, name="restore_test"),
    path("tests/<int:number>/evidence/", evidence.test_create, name="test_evidence_create"),
    path("incidents/<int:number>/evidence/", evidence.list, name="evidence_list"),
    path("incidents/<int:number>/evidence/new/", evidence.create, name="evidence_create"),
    path("evidence/<int:pk>/withdrawal/", evidence.withdrawal, name="evidence_withdrawal"),
]
