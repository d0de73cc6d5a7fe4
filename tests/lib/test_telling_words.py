"""Words that say what a text is about."""

from lib.telling_words import join_pieces, telling_words


def test_words_of_the_first_text_come_first_and_common_ones_not_at_all() -> None:
    texts = ("Disk of the Database was full", "There were replicas that lagged")
    assert telling_words(texts, most=5) == ["database", "disk", "full", "replicas", "lagged"]


def test_numbers_and_short_words_tell_nothing() -> None:
    assert telling_words(["DB at 100 5000 of cpu"], most=5) == []


def test_names_with_hyphens_and_dots_stay_whole() -> None:
    assert telling_words(["node-12.example.org fell over"], most=1) == ["node-12.example.org"]


def test_long_thai_is_compared_in_pieces_and_shown_whole() -> None:
    pieces = telling_words(["ฐานข้อมูลล่มเพราะดิสก์เต็ม"], most=20)
    other = "พบว่าฐานข้อมูลล่มอีกครั้ง"
    shared = [piece for piece in pieces if piece in other]
    assert len(shared) > 1
    assert join_pieces(shared[:1], "ฐานข้อมูลล่มเพราะดิสก์เต็ม", other) == ["ฐานข้อมูลล่ม"]
    assert join_pieces(shared, "ฐานข้อมูลล่มเพราะดิสก์เต็ม", other) == ["ฐานข้อมูลล่ม"]
