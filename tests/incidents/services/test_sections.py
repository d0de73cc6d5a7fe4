import random
from datetime import timedelta

import pytest

from accounts.models import Change, User
from incidents.errors import IncidentError, MergeConflict
from incidents.models import PostmortemSection, SectionVersion
from incidents.queries.section_versions import list_sittings, oldest_version
from incidents.services.outline import remove_section
from incidents.services.sections import choose_theirs, restore_section, save_section, take_back_section, text_at
from tests.factories import make_user
from tests.incidents.conftest import THEN, Scene

LATER = THEN + timedelta(hours=1)

STORY = "The disk filled up.\n\nNobody saw the alert.\n\nThe replica had everything."


@pytest.fixture
def other() -> User:
    return make_user("other", name="Ann Other")


@pytest.fixture
def section(scene: Scene, responder: User) -> PostmortemSection:
    """With a story; its version is 2."""
    return save_section(scene.section, body=STORY, actor=responder, now=THEN).section


def words_known(section: PostmortemSection) -> set[str]:
    """Every word that the section says or ever said."""
    section.refresh_from_db()
    texts = [section.body, *(text_at(section, number) for number in range(1, section.version))]
    return {word for text in texts for word in text.split()}


def test_every_version_is_kept_as_what_it_replaced(section: PostmortemSection, responder: User) -> None:
    texts = ["", STORY, STORY.replace("disk", "volume"), "", "ก็ ✓ " + STORY, STORY[:9], "aaaa", "aa", "aaaaaa"]
    for text in texts[2:]:
        section = save_section(section, body=text, actor=responder, now=THEN).section
    assert [text_at(section, number) for number in range(1, section.version + 1)] == texts
    version = section.versions.get(number=3)
    assert (version.start, version.removed, version.added) == (4, "disk", "volume")
    assert (version.author, version.saved_at, version.origin) == (responder, THEN, "typed")


def test_saving_what_stands_there_is_no_version(section: PostmortemSection, other: User) -> None:
    done = save_section(section, body=STORY, actor=other, now=LATER, base_version=1)
    assert (done.is_changed, done.is_merged, done.section.version) == (False, False, 2)
    assert section.versions.count() == 1


def test_changes_at_different_places_become_one_text(section: PostmortemSection, responder: User, other: User) -> None:
    save_section(section, body=STORY.replace("disk", "volume"), actor=other, now=THEN, base_version=2)
    mine = STORY.replace("replica", "copy")
    done = save_section(section, body=mine, actor=responder, now=LATER, base_version=2)
    assert done.section.body == STORY.replace("disk", "volume").replace("replica", "copy")
    assert (done.is_merged, done.merged_with, done.section.version) == (True, ("Ann Other",), 4)
    assert done.section.versions.get(number=4).origin == "merged"
    # Only what this person changed is theirs.
    assert done.section.versions.get(number=4).removed == "replica"


def test_an_unchanged_text_takes_in_what_others_wrote(section: PostmortemSection, responder: User, other: User) -> None:
    save_section(section, body=STORY + " More.", actor=other, now=THEN, base_version=2)
    done = save_section(section, body=STORY, actor=responder, now=LATER, base_version=2)
    assert (done.is_changed, done.is_merged, done.section.body) == (False, True, STORY + " More.")


def test_the_same_words_changed_twice_are_for_people_to_settle(
    section: PostmortemSection, responder: User, other: User
) -> None:
    theirs, mine = STORY.replace("disk", "volume"), STORY.replace("disk", "partition")
    save_section(section, body=theirs, actor=other, now=THEN, base_version=2)
    with pytest.raises(MergeConflict, match="Ann Other changed the same words") as caught:
        save_section(section, body=mine, actor=responder, now=LATER, base_version=2)
    conflict = caught.value
    assert (conflict.base, conflict.mine, conflict.theirs, conflict.version) == (STORY, mine, theirs, 3)
    section.refresh_from_db()
    assert section.body == theirs
    assert save_section(section, body=mine, actor=responder, now=LATER, base_version=3).section.body == mine


def test_what_was_sent_twice_is_saved_once(section: PostmortemSection, responder: User) -> None:
    for _attempt in range(2):
        done = save_section(section, body="Saved unheard", actor=responder, now=THEN, base_version=2)
    assert (done.section.version, done.is_merged) == (3, False)


@pytest.mark.parametrize("base_version", [0, 99])
def test_a_version_that_never_was_is_a_conflict(section: PostmortemSection, responder: User, base_version: int) -> None:
    with pytest.raises(MergeConflict) as caught:
        save_section(section, body="mine", actor=responder, now=LATER, base_version=base_version)
    assert (caught.value.base, caught.value.theirs) == ("", STORY)


def test_a_history_that_begins_later_says_so(section: PostmortemSection, responder: User) -> None:
    PostmortemSection.objects.filter(pk=section.pk).update(version=7)
    section = save_section(PostmortemSection.objects.get(pk=section.pk), body="x", actor=responder, now=THEN).section
    assert text_at(section, 7) == STORY
    with pytest.raises(IncidentError, match="The history of this section begins after version 6; choose a later one"):
        text_at(section, 6)
    with pytest.raises(IncidentError, match="There is no version 9 of this section"):
        text_at(section, 9)


def test_bringing_back_is_a_version_that_is_undone_in_its_turn(section: PostmortemSection, responder: User) -> None:
    save_section(section, body="Shorter", actor=responder, now=THEN)
    back = restore_section(section, number=2, actor=responder, now=LATER).section
    assert (back.body, back.version, back.versions.get(number=4).origin) == (STORY, 4, "restored")
    assert restore_section(section, number=3, actor=responder, now=LATER).section.body == "Shorter"
    assert not restore_section(section, number=3, actor=responder, now=LATER).is_changed


def test_taking_back_leaves_what_others_wrote(section: PostmortemSection, responder: User, other: User) -> None:
    save_section(section, body=STORY.replace("disk", "volume"), actor=responder, now=THEN)
    save_section(section, body=STORY.replace("disk", "volume") + " Really.", actor=other, now=THEN)
    done = take_back_section(section, number=2, actor=responder, now=LATER)
    assert done.section.body == STORY + " Really."


def test_taking_back_says_where_others_went_on(section: PostmortemSection, responder: User, other: User) -> None:
    save_section(section, body=STORY.replace("disk", "volume"), actor=responder, now=THEN)
    save_section(section, body=STORY.replace("disk", "partition"), actor=other, now=THEN)
    with pytest.raises(IncidentError, match="Others have changed the same words since"):
        take_back_section(section, number=2, actor=responder, now=LATER)


def test_saves_without_a_pause_are_one_sitting(section: PostmortemSection, responder: User, other: User) -> None:
    minutes = [(1, responder), (11, responder), (21.5, responder), (22, other)]
    for after, author in minutes:
        now = THEN + timedelta(minutes=after)
        section = save_section(section, body=f"{section.body} {after}", actor=author, now=now).section
    section = restore_section(section, number=2, actor=other, now=now).section
    assert [(each.first, each.last, each.author, each.origin) for each in list_sittings(section)] == [
        (7, 7, other, "restored"),
        (6, 6, other, "typed"),
        (5, 5, responder, "typed"),
        (2, 4, responder, "typed"),
    ]
    oldest = list_sittings(section)[-1]
    assert (oldest.before, oldest.after) == ("", f"{STORY} 1 11")
    assert (oldest.began_at, oldest.ended_at) == (THEN, THEN + timedelta(minutes=11))


def test_the_text_stands_in_no_other_history(section: PostmortemSection, responder: User) -> None:
    save_section(section, body="Nowhere else", actor=responder, now=THEN)
    assert "Nowhere else" not in str([*Change.objects.values_list("changes", "additional_data")])
    assert SectionVersion.objects.filter(added__contains="Nowhere").exists()


@pytest.mark.parametrize("seed", [7, 2024])
def test_no_acknowledged_word_is_lost_in_500_saves_of_two(
    section: PostmortemSection, responder: User, other: User, seed: int
) -> None:
    chance = random.Random(seed)
    story = " ".join(f"{STORY} {count}." for count in range(8))
    section = save_section(section, body=story, actor=other, now=THEN).section
    writers = dict.fromkeys((responder, other), (story, section.version))
    acknowledged: set[str] = set()
    merges = conflicts = 0
    for count in range(500):
        person = chance.choice([responder, other])
        text, base = writers[person]
        words = text.split(" ")
        place, word = chance.randrange(len(words) + 1), f"word{count}"
        # Typed between two words, or over some.
        words[place : place + chance.choice([0, 0, 0, 1, 2])] = [word]
        mine = " ".join(words)
        try:
            done = save_section(section, body=mine, actor=person, now=THEN, base_version=base)
        except MergeConflict as conflict:
            conflicts += 1
            # Kept is what was typed, over what stands: that stays in the history.
            done = save_section(section, body=conflict.mine, actor=person, now=THEN, base_version=conflict.version)
        merges += done.is_merged
        acknowledged.add(word)
        writers[person] = done.section.body, done.section.version
    assert acknowledged <= words_known(section)
    assert merges > 10
    assert conflicts > 0


def test_what_one_wrote_elsewhere_is_nobody_elses(section: PostmortemSection, responder: User) -> None:
    save_section(section, body=STORY.replace("disk", "volume"), actor=responder, now=THEN, base_version=2)
    done = save_section(section, body=STORY.replace("replica", "copy"), actor=responder, now=LATER, base_version=2)
    assert (done.is_merged, done.merged_with, done.section.edited_by) == (True, (), responder)


def test_who_wrote_last_is_known(section: PostmortemSection, other: User) -> None:
    save_section(section, body="Another story.", actor=other, now=LATER)
    section.refresh_from_db()
    assert section.edited_by == other


def test_a_section_that_was_removed_meanwhile_is_not_written_to(section: PostmortemSection, responder: User) -> None:
    remove_section(section, now=LATER)
    for act in (
        lambda: save_section(section, body="More", actor=responder, now=LATER, base_version=2),
        lambda: restore_section(section, number=1, actor=responder, now=LATER),
        lambda: take_back_section(section, number=1, actor=responder, now=LATER),
    ):
        with pytest.raises(IncidentError, match="was removed meanwhile"):
            act()
    assert PostmortemSection.with_removed.get(pk=section.pk).body == STORY


def test_of_a_long_history_as_much_is_read_as_is_asked_for(section: PostmortemSection, responder: User) -> None:
    for count in range(6):
        now = THEN + timedelta(hours=count + 1)
        section = save_section(section, body=f"{STORY} {count}", actor=responder, now=now).section
    every = list_sittings(section)
    assert list_sittings(section, most=3) == every[:3]
    assert list_sittings(section, most=2, before_version=every[1].first) == every[2:4]
    assert list_sittings(section, before_version=2) == []
    assert oldest_version(section) == every[-1].first - 1 == 1


def test_taking_theirs_is_done_whole_or_not_at_all(section: PostmortemSection, responder: User, other: User) -> None:
    theirs = save_section(section, body=STORY.replace("disk", "volume"), actor=other, now=LATER).section
    mine = STORY.replace("disk", "partition")
    said = {"body": mine, "base_version": theirs.version, "now": LATER}
    done = choose_theirs(section, actor=responder, **said)
    assert done.section.body == theirs.body
    assert mine in [text_at(done.section, number) for number in range(1, done.section.version)]
    # Somebody was quicker with the same words.
    save_section(section, body=STORY.replace("disk", "host"), actor=other, now=LATER)
    known = PostmortemSection.objects.get(pk=section.pk).version
    with pytest.raises(MergeConflict):
        choose_theirs(section, actor=responder, **said)
    assert PostmortemSection.objects.get(pk=section.pk).version == known


def test_a_save_that_cannot_be_taken_back_is_not_made(section: PostmortemSection, responder: User, other: User) -> None:
    # What is merged with is in the same sentence as what is to be taken back.
    save_section(section, body=STORY.replace("filled up", "filled up at once"), actor=other, now=LATER)
    before = PostmortemSection.objects.get(pk=section.pk)
    body = STORY.replace("The disk", "A partition")
    try:
        choose_theirs(section, body=body, base_version=section.version, actor=responder, now=LATER)
    except IncidentError:
        kept = PostmortemSection.objects.get(pk=section.pk)
        assert (kept.body, kept.version) == (before.body, before.version)
    else:
        assert PostmortemSection.objects.get(pk=section.pk).body == before.body
