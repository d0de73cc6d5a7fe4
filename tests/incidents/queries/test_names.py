from accounts.models import User
from accounts.services.teams import retire_team
from incidents.queries.names import suggest
from incidents.services.services import retire_service
from tests.factories import NOW, make_incident, make_service, make_team


def test_what_is_retired_is_suggested_where_something_names_it_that_the_reader_sees(
    responder: User, viewer: User
) -> None:
    services = {name: make_service(name) for name in ("chosen", "open", "hidden", "unused")}
    teams = {name: make_team(name) for name in ("Blue", "Hidden", "Unused")}
    make_service("owned", team=teams["Blue"])
    make_incident(responder, services=[services["open"]])
    facts = {"visibility": "restricted", "services": [services["hidden"]], "teams": [teams["Hidden"]]}
    make_incident(responder, **facts)
    for name in ("open", "hidden", "unused"):
        retire_service(services[name], now=NOW)
    for team in teams.values():
        retire_team(team, now=NOW)
    make_team("Green")
    seen = [(found.services, found.teams) for found in (suggest(viewer), suggest(responder))]
    assert seen == [
        (["chosen", "open", "owned"], ["Blue", "Green"]),
        (["chosen", "hidden", "open", "owned"], ["Blue", "Green", "Hidden"]),
    ]
