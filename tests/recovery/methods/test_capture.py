from recovery.methods.capture import LOG_TAIL_BYTES, Capture, clean_log


def test_the_head_or_the_tail_is_kept() -> None:
    head, tail = Capture(5), Capture(5, keeps_tail=True)
    for piece in (b"abc", b"defg", b"h"):
        head.add(piece)
        tail.add(piece)
    assert (head.data, tail.data) == (b"abcde", b"defgh")


def test_a_log_loses_what_could_harm_its_reader() -> None:
    raw = b"\x1b[31mred\x1b[0m\ttab\r\nnext\x00\x07\x9b \xff " + "ภาษาไทย \u202eback".encode()
    assert clean_log(raw) == "red tab\nnext\ufffd \ufffd ภาษาไทย back"


def test_a_log_that_is_cut_begins_with_a_whole_line() -> None:
    lines = [f"line {number:05}" for number in range(1000)]
    kept = clean_log("\n".join(lines).encode()).split("\n")
    assert kept == lines[-len(kept) :]
    assert len(kept) > 300
    assert clean_log(b"first\nsecond") == "first\nsecond"


def test_a_log_keeps_its_last_four_kilobytes() -> None:
    cleaned = clean_log("ก".encode() * 5000 + b" end")
    assert len(cleaned.encode()) <= LOG_TAIL_BYTES
    assert cleaned.endswith("ก end")
    assert "\ufffd" not in cleaned
