import pytest

from accounts.errors import AccountError
from accounts.models import Team
from accounts.services.teams import add_team, change_team, retire_team
from tests.factories import NOW, make_team, make_user

pytestmark = pytest.mark.django_db
LONGEST = 120


def test_a_retired_team_gives_its_name_away_each_time_it_is_wanted() -> None:
    made = []
    for name in ("Blue", "BLUE", "blue"):
        made.append(add_team(name=name))
        retire_team(made[-1], now=NOW)
    add_team(name="Blue")
    names = [Team.objects.get(pk=team.pk).name for team in made]
    assert names == ["Blue (2026-11-22)", "BLUE (2026-11-22, 2)", "blue (2026-11-22, 3)"]


def test_the_longest_name_is_given_away_too() -> None:
    retired = retire_team(make_team("x" * LONGEST), now=NOW)
    assert add_team(name="x" * LONGEST).pk != retired.pk
    retired.refresh_from_db()
    assert retired.name == "x" * (LONGEST - 13) + " (2026-11-22)"


def test_a_team_that_is_renamed_takes_the_name_of_a_retired_one() -> None:
    retired, other = retire_team(make_team("Blue"), now=NOW), make_team("Green")
    assert change_team(other, name="Blue", members=[]).name == "Blue"
    retired.refresh_from_db()
    assert (retired.name, retired.retired_at) == ("Blue (2026-11-22)", NOW)


def test_a_retired_team_keeps_its_own_name_and_comes_back_as_it_was() -> None:
    team = make_team("Blue")
    team.members.add(member := make_user())
    retire_team(team, now=NOW)
    assert change_team(team, name="Blue", members=[member]).name == "Blue"
    back = retire_team(team, now=None)
    assert (back.name, back.retired_at, list(back.members.all())) == ("Blue", None, [member])


def test_a_name_that_is_in_use_is_refused() -> None:
    make_team("Blue")
    with pytest.raises(AccountError, match="already a team with this name") as refusal:
        add_team(name="BLUE")
    assert refusal.value.field == "name"
    assert Team.objects.count() == 1
