"""Incidents and what belongs to them."""

from django.urls import path

from incidents.views import action_items, causes, facts, improvements, incidents, postmortems, timeline

app_name = "incidents"
one = "incidents/<int:number>/"
urlpatterns = [
    path("", incidents.list, name="incident_list"),
    path("incidents/new/", incidents.create, name="incident_create"),
    path(one, incidents.detail, name="incident"),
    path(f"{one}facts/", facts.edit, name="facts_edit"),
    path(f"{one}impact/", facts.impact_edit, name="impact_edit"),
    path(f"{one}milestones/", facts.milestones_edit, name="milestones_edit"),
    path(f"{one}status/", facts.status_edit, name="status_edit"),
    path(f"{one}timeline/", timeline.create, name="event_create"),
    path(f"{one}timeline/<int:pk>/", timeline.edit, name="event_edit"),
    path(f"{one}causes/", causes.create, name="cause_create"),
    path(f"{one}causes/<int:pk>/", causes.edit, name="cause_edit"),
    path(f"{one}actions/", action_items.create, name="action_item_create"),
    path(f"{one}actions/<int:item>/", action_items.edit, name="action_item_edit"),
    path(f"{one}improvements/", improvements.create, name="improvement_create"),
    path(f"{one}improvements/<int:pk>/", improvements.edit, name="improvement_edit"),
    path(f"{one}postmortem/", postmortems.detail, name="postmortem"),
    path(f"{one}postmortem/html/", postmortems.html_file, name="html_file"),
    path(f"{one}postmortem/markdown/", postmortems.markdown_file, name="markdown_file"),
    path(f"{one}postmortem/pdf/", postmortems.pdf_create, name="pdf_create"),
    path(f"{one}postmortem/pdf/<slug:digest>/", postmortems.pdf, name="pdf"),
    path(f"{one}postmortem/pdf/<slug:digest>/file/", postmortems.pdf_file, name="pdf_file"),
    path(f"{one}postmortem/<slug:key>/", postmortems.section_edit, name="section_edit"),
    path("markdown/preview/", postmortems.preview, name="preview"),
]
