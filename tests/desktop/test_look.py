"""The colours of the three themes can be read; sizes and fonts follow the text size."""

import pytest
from PySide6.QtGui import QFontDatabase, QFontInfo
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionComboBox

from desktop.widgets import look
from desktop.widgets.cards import TONES
from desktop.widgets.form import Choice
from desktop.widgets.look import LOOK, THEMES

TEXT = [
    *((ink, ground) for ink in ("ink", "ink2", "ink3") for ground in ("canvas", "surface", "sunken")),
    ("on_primary", "primary"), ("on_primary", "primary_hover"), ("on_soft", "primary_soft"), ("primary", "surface"),
    ("primary", "sunken"), ("urgent", "surface"), ("wait", "surface"), ("urgent", "canvas"), ("wait", "canvas"),
    ("focus", "surface"), ("focus", "canvas"), ("surface", "ink"), ("surface", "urgent"), ("rail_text", "rail"),
    ("rail_muted", "rail"), ("rail_text", "rail_selected"), ("rail_muted", "rail_selected"),
    *((tone, ground) for ground, tone in TONES.values()),
]  # fmt: skip
EDGES = [
    ("border", "surface"), ("border", "canvas"), ("border", "sunken"), ("focus", "surface"), ("focus", "canvas"),
    ("focus", "sunken"), ("focus", "primary_soft"), ("rail_focus", "rail"), ("rail_focus", "rail_selected"),
    ("primary", "surface"), ("primary", "primary_soft"), ("urgent", "surface"), ("info", "sunken"), ("info", "primary_soft"),
]  # fmt: skip


def luminance(color: str) -> float:
    """WCAG 2 relative luminance."""
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_is_the_one_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_every_text_can_be_read(theme, ink, ground):
    tokens = THEMES[theme]
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_every_border_and_focus_ring_can_be_seen(theme, edge, ground):
    tokens = THEMES[theme]
    assert contrast(getattr(tokens, edge), getattr(tokens, ground)) >= 3


@pytest.mark.parametrize(("ink", "ground"), [("#FFFFFF", "#14211F"), ("#14211F", "#FFC46B")])
def test_the_toast_and_the_badge_of_the_rail_can_be_read(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_names_every_colour_as_six_digits(theme):
    for name in look.Tokens.__dataclass_fields__:
        value = getattr(THEMES[theme], name)
        assert len(value) == 7 and value.startswith("#") and int(value[1:], 16) >= 0


def test_the_font_of_the_house_is_loaded_in_its_weights(qapp):
    assert look.FAMILY in QFontDatabase.families()
    assert QFontInfo(look.font()).family() == look.FAMILY


def test_sizes_follow_the_text_size(qapp):
    for scale in look.SCALES:
        look.apply(scale=scale)
        assert look.px(20) == scale // 5
        assert look.font(20).pixelSize() == scale // 5
        assert qapp.font().pixelSize() == look.px(15)


def test_an_unknown_theme_or_size_changes_nothing(qapp):
    look.apply("rose", 123)
    assert (LOOK.theme, LOOK.scale) == ("clair", 100)


def test_the_palette_of_qt_follows_the_theme(qapp):
    for theme, tokens in THEMES.items():
        look.apply(theme)
        assert qapp.palette().window().color().name().upper() == tokens.canvas
        assert qapp.palette().text().color().name().upper() == tokens.ink


@pytest.mark.parametrize("theme", THEMES)
def test_the_box_of_a_tick_can_be_seen_in_every_theme(qapp, qtbot, theme):
    look.apply(theme)
    box = QCheckBox("En ligne")
    qtbot.addWidget(box)
    box.setStyleSheet("QCheckBox { background: " + THEMES[theme].surface + "; }")
    image = box.grab().toImage()
    width = box.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, box)
    middle = image.height() // 2
    seen = {image.pixelColor(x, middle).name().upper() for x in range(width + 2)}
    assert max(contrast(color, THEMES[theme].surface) for color in seen) >= 3


def test_icons_take_the_colour_of_the_theme(qapp):
    dark, light = (
        look.Pixmaps.get("check", tint, 20, 1.0).toImage() for tint in (THEMES["clair"].ok, THEMES["sombre"].ok)
    )
    assert dark != light
    assert any(dark.pixelColor(x, y).alpha() == 255 for x in range(20) for y in range(20))


def test_a_list_opens_under_its_field(qtbot):
    """Over the field, Qt counts the rows short: the second of two choices was cut."""
    choice = Choice([("mediateur", "Médiateur"), ("responsable", "Responsable")])
    qtbot.addWidget(choice)
    choice.ensurePolished()
    option = QStyleOptionComboBox()
    option.initFrom(choice)
    assert not choice.style().styleHint(QStyle.StyleHint.SH_ComboBox_Popup, option, choice)
