"""Each figure is defined once, in words and in numbers, in both languages."""

import pytest

from reports.figures.changes import State, Unit
from reports.figures.columns import FATES, OUTCOMES, REJECTIONS, SUMS
from reports.figures.definitions import BY_KEY, FIGURES, OVERDUE, SECTIONS, Figure
from reports.figures.figure_words import WORDS
from reports.figures.group_names import GroupName
from reports.figures.group_reading import NOTHING
from reports.figures.indicators import Group

every_figure = pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)


def test_figures_and_words_have_the_same_keys() -> None:
    assert list(WORDS) == [figure.key for figure in FIGURES]
    assert len(SECTIONS) == 7


@every_figure
def test_a_figure_says_in_both_languages_what_it_means_and_where_its_rule_stands(
    figure: Figure,
) -> None:
    for locale in ("vi", "en"):
        said = (figure.name(locale), figure.about(locale), figure.source(locale))
        assert all(words and not words.endswith(" ") and "!" not in words for words in said)
        assert figure.about(locale).endswith(".")
        assert ".md" not in figure.source(locale)  # readers have no files of ours
    assert figure.name("vi") != figure.name("en")


@pytest.mark.parametrize("key", ["resolve_median", "resolve_p90", "accept_median", "accept_p90"])
def test_a_time_says_that_it_is_of_those_alone_that_have_come_so_far(key: str) -> None:
    """To say that half took two days would be untrue where most are still open."""
    assert BY_KEY[key].about("vi").startswith("Trong số phản ánh đã ")
    assert BY_KEY[key].about("en").startswith("Among the reports ")


def test_no_two_figures_have_one_name() -> None:
    for locale in ("vi", "en"):
        assert len({figure.name(locale) for figure in FIGURES}) == len(FIGURES)


def test_overdue_says_by_which_deadline_it_counts() -> None:
    """Offices see another number in their lists, where more time was granted."""
    assert "quá hạn đầu tiên, kể cả khi được gia hạn" in BY_KEY["overdue"].about("vi")
    assert "whatever was granted since" in BY_KEY["overdue"].about("en")


@every_figure
def test_of_nothing_a_count_is_zero_and_the_rest_is_not_known(figure: Figure) -> None:
    found = figure.measured(NOTHING)

    total = figure.unit is Unit.COUNT or figure.key == "held"
    assert found.value == (0 if total else None)
    assert found.sample == 0


YOUNG = {"received": 1000, "timed": 600, "on_time": 522, "resolve_n": 600, "held_reports": 900,
         "resolve_median": 95_000, "resolve_p90": 180_000, "held_s": 70_000_000}  # fmt: skip
OLD = {"received": 1000, "timed": 950, "on_time": 734, "resolve_n": 950, "held_reports": 950,
       "resolve_median": 130_000, "resolve_p90": 300_000, "held_s": 130_000_000}  # fmt: skip


@pytest.mark.parametrize("key", ["on_time", "resolve_median", "resolve_p90", "held_mean"])
def test_a_young_period_is_not_told_to_be_faster_or_more_on_time_than_an_old_one(key: str) -> None:
    """Nothing changed: after so few days it is the fast ones that are answered."""
    name, young, old = GroupName("", "Tất cả", "All"), {**NOTHING, **YOUNG}, {**NOTHING, **OLD}

    while_young = Group(None, name, young, None, old, ripening=True)
    once_ripe = Group(None, name, young, None, old, ripening=False)

    assert while_young.told(key).change.state is State.RIPENING
    assert once_ripe.told(key).change.state is State.TOLD
    assert while_young.told("received").change.state is State.TOLD


def test_parts_add_up_to_what_they_are_parts_of() -> None:
    known = {one.name for one in SUMS}
    fates = {figure.key for figure in FIGURES if figure.of == "received"} & set(FATES)
    reasons = {figure.key for figure in FIGURES if figure.of == "rejected"}
    outcomes = {figure.key for figure in FIGURES if figure.of == "resolved"}

    assert fates == set(FATES) <= known
    assert reasons == {f"rejected_{one}" for one in (*REJECTIONS, "other")} <= known
    assert outcomes == set(OUTCOMES) <= known
    assert {figure.key for figure in FIGURES if figure.of == "overdue"} == set(OVERDUE)


def test_figures_follow_from_their_sums() -> None:
    sums = {
        **NOTHING, "received": 100, "timed": 60, "on_time": 54, "overdue_first": 12,
        "ratings": 20, "satisfied": 15, "stars_sum": 82, "rated": 18, "resolve_n": 60,
        "held_s": 7_200, "held_reports": 3, "rest_s": 9_000, "rested": 5,
        "centre_n": 40, "centre_in_time": 38, "resolve_median": 70_200,
    }  # fmt: skip

    told = {key: figure.measured(sums) for key, figure in BY_KEY.items()}

    assert (told["on_time"].value, told["on_time"].sample) == (54 / 72, 72)
    assert (told["satisfied"].value, told["satisfied"].sample) == (0.75, 20)
    assert (told["stars"].value, told["stars"].sample) == (4.1, 20)
    assert (told["rating_coverage"].value, told["rating_coverage"].sample) == (0.3, 60)
    assert (told["held_mean"].value, told["held"].value) == (2_400, 7_200)
    assert (told["rest_mean"].value, told["rest_mean"].sample) == (1_800, 5)
    assert (told["centre_in_time"].value, told["centre_in_time"].sample) == (0.95, 40)
    assert (told["resolve_median"].value, told["resolve_median"].sample) == (70_200, 60)


def test_more_ratings_than_answers_are_all_of_them() -> None:
    """An answer that was rated and then sent back by the centre is none any more."""
    sent_back = {**NOTHING, "rated": 3, "resolve_n": 2}

    assert BY_KEY["rating_coverage"].measured(sent_back).value == 1.0
