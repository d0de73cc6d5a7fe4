from lib.figures import summarize


def test_a_median_stands_with_its_range_and_from_ten_values_on_with_nine_in_ten() -> None:
    few, many = summarize([3, None, 1, 2]), summarize([float(n) for n in range(1, 12)])
    assert few
    assert (few.count, few.median, few.least, few.greatest, few.ninety) == (3, 2, 1, 3, None)
    assert many
    assert (many.count, many.median, many.ninety) == (11, 6, 10)
    assert summarize([None, None]) is None
