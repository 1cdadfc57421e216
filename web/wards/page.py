"""The pages: the whole city (`/figures`), and one ward (`/figures/19789`)."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, request
from werkzeug import Response

from app.auth.guards import anyone
from app.clock import now
from app.errors import NotFound, XomError
from app.locale import current_locale, in_words
from app.text import normalise
from reports.city import snapshot
from reports.city.finding import find_areas
from reports.city.snapshot import City
from reports.city.values import Area
from reports.figures.public.kinds import Kinds, kinds_in
from web import assets
from web.wards import comparing, map_drawing, months, names, notes, reading, sentences, trend
from web.wards.blueprint import answer, blueprint, drawn, kept, page, to
from web.wards.months import Chosen
from web.wards.numbers import day, lower, month_name
from web.wards.reading import Figures
from web.wards.sentences import Kind, Story

LONGEST = 60  # letters of a ward's name
MOST_FOUND = 8


class NoSuchWard(NotFound):
    code = "no-such-ward"
    vi = "Thành phố không có phường, xã nào mang mã “{code}”. Tìm theo tên ở dưới."
    en = "The city has no ward or commune of the code “{code}”. Find it by its name below."


@blueprint.get("")
@anyone
def the_city() -> Response:
    """The whole city in a month; or wards by a name that was typed."""
    city = snapshot.current()
    if typed := normalise(request.args.get("q", ""))[:LONGEST].strip():
        return _search(city, typed)
    chosen = months.chosen(_month())
    key = ("city", *_seen(city, chosen))
    return answer(kept(key, lambda: _city_page(city, chosen)))


@blueprint.get("/<string:code>")
@anyone
def a_ward(code: str) -> Response:
    """One ward, commune or special zone in a month. A former one leads to what it became."""
    city = snapshot.current()
    area = city.area(code[:LONGEST])
    if area is None:
        raise NoSuchWard(code=code[:20])
    if area.code != code:
        return redirect(to(f"/{area.code}", month=_month()))
    chosen = months.chosen(_month())
    key = ("ward", code, *_seen(city, chosen))
    return answer(kept(key, lambda: _ward_page(city, chosen, area)))


@blueprint.errorhandler(NoSuchWard)
@blueprint.errorhandler(months.NoSuchMonth)
def _not_there(error: XomError) -> Response:
    """What is missing in words, and where to go on."""
    city = snapshot.current()
    detail = error.sentence(current_locale())
    of_months = months.codes()[-months.MOST :] if isinstance(error, months.NoSuchMonth) else []
    facts = {"codes": of_months, "wards": names.listed(city)}
    return answer(drawn(page("wards/missing.html", detail=detail, **facts)), status=404)


def _month() -> str | None:
    return request.args.get("month") or None


def _seen(city: City, chosen: Chosen | None) -> tuple[object, ...]:
    """What a drawn page depends on."""
    of = (chosen.code, len(chosen.codes), chosen.month.published_at) if chosen else ()
    return city.version, city.day, assets.manifest().get("build"), *of


def _search(city: City, typed: str) -> Response:
    """The one ward of that name, or those that it may mean."""
    found = find_areas(typed, city.area_by_code.values(), most=MOST_FOUND)
    if len(found) == 1:
        return redirect(to(f"/{found[0].area.code}"))
    finder = {"typed": typed, "found": found, "wards": names.listed(city)}
    return answer(drawn(page("wards/found.html", finder=finder)))


def _city_page(city: City, chosen: Chosen | None) -> str:
    finder = {"typed": "", "wards": names.listed(city)}
    if chosen is None:
        return page("wards/nothing.html", finder=finder, due=_due(city))
    areas, kinds = (reading.by(name, chosen.month, city) for name in ("area", "category"))
    history = reading.by_month(chosen.up_to, city)
    most = sorted(kinds.parts, key=lambda one: -(one.received or 0))
    counted = [Kind(one.name, one.received or 0, one.at_least) for one in most]
    story = _story(city, chosen, areas.total, history, counted)
    return page(
        "wards/city.html",
        chosen=chosen,
        finder=finder,
        sentences=sentences.told(story),
        drawing=map_drawing.draw(chosen.month, city, names.short(city)),
        areas=areas,
        listed=names.in_order(areas.parts, city),
        kinds=kinds,
        most=most,
        trend=trend.of(history),
        notes=notes.of(chosen, city),
    )


def _ward_page(city: City, chosen: Chosen | None, area: Area) -> str:
    name = names.of(area)
    if chosen is None:
        return page("wards/nothing.html", area=name, code=area.code, due=_due(city))
    history = reading.by_month(chosen.up_to, city, area=area.code)
    whole = reading.by_month(chosen.up_to, city)
    kinds = kinds_in(chosen.month, area.id)
    counted = [Kind(one.of(current_locale()), count) for one, count in kinds.told]
    story = _story(city, chosen, history[-1], history, counted, place=name, whole=whole[-1])
    return page(
        "wards/ward.html",
        chosen=chosen,
        area=name,
        code=area.code,
        committee=_committee(city, area),
        sentences=sentences.told(story),
        drawing=map_drawing.draw(chosen.month, city, names.short(city), area),
        figures=history[-1],
        compared=comparing.rows(history[-1], story.before, whole[-1], area, city),
        before=story.before and chosen.before,
        kinds=_kinds(kinds),
        trend=trend.of(history),
        notes=notes.of(chosen, city),
    )


def _due(city: City) -> tuple[str, str]:
    """The month that is published next, and the day."""
    period, at = months.next_due(city, now())
    return month_name(period.since), day(at, city.profile.timezone)


def _story(
    city: City,
    chosen: Chosen,
    figures: Figures,
    history: Sequence[Figures],
    kinds: Sequence[Kind],
    *,
    place: str = "",
    whole: Figures | None = None,
) -> Story:
    profile = city.profile
    own = in_words(lower(profile.name_vi), profile.name_en)
    return Story(
        first=chosen.month.first,
        place=in_words(lower(place), place) or own,
        now=figures,
        before=_before(chosen, history),
        city=whole,
        kinds=kinds,
        as_of=chosen.month.as_of,
        zone=profile.timezone,
    )


def _committee(city: City, area: Area) -> str | None:
    office = city.committee_of(area.code)
    return in_words(office.name_vi, office.name_en) if office else None


def _before(chosen: Chosen, history: Sequence[Figures]) -> Figures | None:
    return history[-2] if chosen.before and len(history) > 1 else None


def _kinds(kinds: Kinds) -> dict[str, Any]:
    locale = current_locale()
    return {
        "all": kinds.all,
        "told": [(name.of(locale), count) for name, count in kinds.told],
        "others": kinds.others,
    }
