"""The look of the house: colours, sizes, fonts and icons, in three themes and six text sizes.

Contrasts are those of the project's colour table and are recomputed by tests/desktop/test_look.py.
"""

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from desktop.paths import RESOURCES

SCALES = (100, 115, 130, 150, 175, 200)
FAMILY = "Atkinson Hyperlegible Next"


@dataclass(frozen=True)
class Tokens:
    """One theme; each name is a role, never a place."""

    canvas: str
    surface: str
    sunken: str
    ink: str
    ink2: str
    ink3: str
    primary: str
    on_primary: str
    primary_hover: str
    primary_soft: str
    on_soft: str
    rail: str
    rail_text: str
    rail_muted: str
    rail_selected: str
    wait: str
    wait_soft: str
    urgent: str
    urgent_soft: str
    ok: str
    ok_soft: str
    info: str
    info_soft: str
    border: str
    hairline: str
    focus: str
    rail_focus: str
    off: str
    off_text: str


THEMES = {
    "clair": Tokens(
        "#EDF1F0", "#FFFFFF", "#F5F8F7", "#14211F", "#43514F", "#5A6866", "#0B5A63", "#FFFFFF", "#094B53", "#DCEDEE",
        "#0A4A52", "#0C3B42", "#FFFFFF", "#B9D3D6", "#17606B", "#824600", "#FFEFD8", "#9E1F39", "#FCE8EB", "#1A643A",
        "#E1F3E7", "#33489C", "#E8ECFA", "#6F7F7C", "#D3DCDA", "#1D4ED8", "#9CC2FF", "#EEF1F0", "#8A9694",
    ),
    "sombre": Tokens(
        "#101817", "#18221F", "#131C1A", "#EDF3F1", "#BBC8C5", "#9DACA8", "#6CC5CF", "#06262B", "#86D3DB", "#173A3F",
        "#B5E6EB", "#0A1413", "#F2F7F6", "#A8BDBA", "#1F4B51", "#F0B766", "#3A2A12", "#FF9DAE", "#43161F", "#82D3A0",
        "#15331F", "#AEBBFF", "#212B4E", "#82918E", "#2C3936", "#8FB0FF", "#9CC2FF", "#202B28", "#6E7C79",
    ),
    "contraste": Tokens(
        "#000000", "#000000", "#000000", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#FFE14D", "#000000", "#FFF0A0", "#332B00",
        "#FFE14D", "#000000", "#FFFFFF", "#FFFFFF", "#332B00", "#FFC46B", "#000000", "#FF9DAE", "#000000", "#8CF0B4",
        "#000000", "#9FD0FF", "#000000", "#FFFFFF", "#FFFFFF", "#00E5FF", "#00E5FF", "#000000", "#B0B0B0",
    ),
}  # fmt: skip


class Look(QObject):
    """The theme and text size in force; `changed` tells painters to paint again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = "clair"
        self.scale = 100
        self.compact = False
        self.narrow = False
        self.short = False

    def fit(self, width: int, height: int) -> None:
        """Take note of the room there is, in today's text size: what does not fit side by side is shown in turn."""
        found = (height < 740, width * 100 < 1100 * self.scale, height * 100 < 520 * self.scale)
        if found != (self.compact, self.narrow, self.short):
            self.compact, self.narrow, self.short = found
            self.changed.emit()

    @property
    def tokens(self) -> Tokens:
        return THEMES[self.theme]


LOOK = Look()


def px(size: float) -> int:
    """A size given at 100 %, in today's pixels."""
    return round(size * LOOK.scale / 100)


def color(role: str) -> QColor:
    return QColor(getattr(LOOK.tokens, role))


def font(size: float = 15, weight: int = 400) -> QFont:
    made = QFont(FAMILY)
    made.setPixelSize(px(size))
    made.setWeight(QFont.Weight(weight))
    return made


def load_fonts() -> None:
    for file in sorted((RESOURCES / "fonts" / "atkinson-hyperlegible-next").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def apply(theme: str | None = None, scale: int | None = None) -> None:
    """Dress the whole application; every widget follows at once."""
    LOOK.theme = theme if theme in THEMES else LOOK.theme
    LOOK.scale = scale if scale in SCALES else LOOK.scale
    app = QApplication.instance()
    if not app.styleSheet():  # under a style sheet the style has no name, and setting it again dresses everything twice
        app.setStyle("fusion")
    app.setFont(font())
    app.setPalette(_palette(LOOK.tokens))
    app.setStyleSheet(_sheet(LOOK.tokens))
    Pixmaps.clear()
    LOOK.changed.emit()


def _palette(t: Tokens) -> QPalette:
    made = QPalette()
    roles = QPalette.ColorRole
    for role, value in (
        (roles.Window, t.canvas), (roles.Base, t.surface), (roles.AlternateBase, t.sunken), (roles.Button, t.surface),
        (roles.WindowText, t.ink), (roles.Text, t.ink), (roles.ButtonText, t.ink), (roles.PlaceholderText, t.ink3 if t.ink3 != t.ink else t.off_text),
        (roles.Highlight, t.primary), (roles.HighlightedText, t.on_primary), (roles.ToolTipBase, t.surface),
        (roles.ToolTipText, t.ink), (roles.Link, t.primary), (roles.Mid, t.hairline), (roles.Accent, t.primary),
    ):  # fmt: skip
        made.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(t.off_text))
    return made


def _file(name: str) -> str:
    """An icon already in the theme's colour: a style sheet cannot tint one."""
    return (RESOURCES / "icons" / f"{name}-{LOOK.theme}.svg").as_posix()


def _sheet(t: Tokens) -> str:
    return f"""
    * {{ outline: none; }}
    QToolTip {{ border: 1px solid {t.border}; padding: {px(4)}px; }}
    #card {{ background: {t.surface}; border: 1px solid {t.hairline}; border-radius: {px(8)}px; }}
    #card:focus {{ border: 2px solid {t.focus}; }}
    #rail {{ background: {t.rail}; }}
    #brand {{ color: {t.rail_text}; }}
    QLabel[role="title"] {{ font-size: {px(22)}px; font-weight: 700; }}
    QLabel[role="section"] {{ font-size: {px(17)}px; font-weight: 700; }}
    QLabel[role="label"] {{ font-size: {px(14)}px; font-weight: 600; color: {t.ink2}; }}
    QLabel[role="hint"] {{ font-size: {px(13)}px; color: {t.ink3}; }}
    QLabel[role="strong"] {{ font-weight: 700; }}
    QLabel[role="clock"] {{ font-size: {px(26)}px; font-weight: 700; color: {t.primary}; }}
    QLabel[role="late"] {{ font-size: {px(26)}px; font-weight: 700; color: {t.wait}; }}
    QLabel[role="error"] {{ font-size: {px(13)}px; color: {t.urgent}; }}
    QLabel[role="advice"] {{ font-size: {px(13)}px; color: {t.wait}; }}
    QLabel[tone="ok"], QLabel[tone="wait"], QLabel[tone="urgent"], QLabel[tone="info"], QLabel[tone="soft"],
    QLabel[tone="plain"] {{ border-radius: {px(4)}px; padding: {px(2)}px {px(8)}px; font-weight: 600;
        font-size: {px(13)}px; }}
    Banner[tone="wait"] {{ background: transparent; }}
    QLabel[tone="ok"] {{ background: {t.ok_soft}; color: {t.ok}; }}
    QLabel[tone="wait"] {{ background: {t.wait_soft}; color: {t.wait}; }}
    QLabel[tone="urgent"] {{ background: {t.urgent_soft}; color: {t.urgent}; }}
    QLabel[tone="info"] {{ background: {t.info_soft}; color: {t.info}; }}
    QLabel[tone="soft"] {{ background: {t.primary_soft}; color: {t.on_soft}; }}
    QLabel[tone="plain"] {{ background: {t.sunken}; color: {t.ink2}; border: 1px solid {t.hairline}; }}
    QLineEdit, QPlainTextEdit, QComboBox {{ background: {t.surface}; border: 1px solid {t.border};
        border-radius: {px(6)}px; padding: {px(5)}px {px(8)}px; min-height: {px(24)}px;
        selection-background-color: {t.primary}; selection-color: {t.on_primary}; }}
    QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border: 2px solid {t.focus};
        padding: {px(5) - 1}px {px(8) - 1}px; }}
    QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 2px solid {t.urgent};
        padding: {px(5) - 1}px {px(8) - 1}px; }}
    QLineEdit[wrong="true"]:focus, QPlainTextEdit[wrong="true"]:focus, QComboBox[wrong="true"]:focus {{
        border: 2px solid {t.focus}; }}
    QComboBox {{ combobox-popup: 0; }}
    QComboBox::drop-down {{ width: {px(18)}px; border: none; }}
    QComboBox QAbstractItemView, QListView, QTableView {{ background: {t.surface}; border: 1px solid {t.hairline};
        selection-background-color: {t.primary_soft}; selection-color: {t.on_soft}; }}
    QListView::item {{ padding: {px(5)}px {px(8)}px; }}
    QListView:focus, QTableView:focus {{ border: 2px solid {t.focus}; }}
    CardList, CardList:focus {{ background: transparent; border: none; }}
    QHeaderView::section {{ background: {t.sunken}; color: {t.ink2}; border: none; font-weight: 600;
        border-bottom: 1px solid {t.hairline}; padding: {px(6)}px {px(8)}px; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: {px(10)}px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: {px(10)}px; margin: 0; }}
    QScrollBar::handle {{ background: {t.border}; border-radius: {px(3)}px; margin: 2px; min-height: {px(28)}px;
        min-width: {px(28)}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QCheckBox {{ spacing: {px(8)}px; }}
    QCheckBox::indicator {{ width: {px(16)}px; height: {px(16)}px; border: 1px solid {t.border};
        border-radius: {px(4)}px; background: {t.surface}; }}
    QCheckBox::indicator:checked {{ background: {t.primary}; border-color: {t.primary};
        image: url({_file("tick")}); }}
    QComboBox::down-arrow {{ image: url({_file("arrow")}); width: {px(14)}px; height: {px(14)}px; }}
    QCheckBox:focus {{ color: {t.focus}; text-decoration: underline; }}
    QProgressBar {{ background: {t.canvas}; border: none; border-radius: {px(4)}px; max-height: {px(8)}px; }}
    QProgressBar::chunk {{ background: {t.primary}; border-radius: {px(4)}px; }}
    #toast {{ background: #14211F; border: 1px solid #82918E; border-radius: {px(8)}px; }}
    #toast QLabel {{ color: #FFFFFF; }}
    #overlay {{ background: {t.surface}; border: 1px solid {t.border}; border-radius: {px(8)}px; }}
    """


@cache
def _svg(name: str) -> str:
    return (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")


class Pixmaps:
    """Pixmaps already drawn, by icon, colour and size."""

    _made: dict[tuple[str, str, int], QPixmap] = {}

    @classmethod
    def clear(cls) -> None:
        cls._made.clear()

    @classmethod
    def get(cls, name: str, tint: str, size: int, ratio: float) -> QPixmap:
        key = (name, tint, round(size * ratio))
        if key not in cls._made:
            from PySide6.QtSvg import QSvgRenderer

            side = max(1, round(size * ratio))
            pixmap = QPixmap(side, side)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            QSvgRenderer(QByteArray(_svg(name).replace("currentColor", tint).encode())).render(
                painter, QRectF(0, 0, side, side)
            )
            painter.end()
            pixmap.setDevicePixelRatio(ratio)
            cls._made[key] = pixmap
        return cls._made[key]


def draw_icon(painter: QPainter, name: str, rect: QRect, tint: str) -> None:
    """Paint a Lucide icon in a colour given as « #RRGGBB »."""
    ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
    painter.drawPixmap(rect.topLeft(), Pixmaps.get(name, tint, rect.width(), ratio))


class _Engine(QIconEngine):
    """An icon that takes its colour from the theme at the moment it is painted."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role

    def paint(self, painter, rect, mode, state) -> None:
        role = "off_text" if mode == QIcon.Mode.Disabled else self._role
        draw_icon(painter, self._name, rect, getattr(LOOK.tokens, role))

    def pixmap(self, size: QSize, mode, state) -> QPixmap:
        role = "off_text" if mode == QIcon.Mode.Disabled else self._role
        return Pixmaps.get(self._name, getattr(LOOK.tokens, role), size.width(), 1.0)

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role)


def icon(name: str, role: str = "ink") -> QIcon:
    return QIcon(_Engine(name, role))
