"""The sections of a dossier, in the order of their digit. One line adds one."""

from desktop.dossiers.follow_section import FollowSection
from desktop.dossiers.mandate_section import MandateSection
from desktop.dossiers.meeting_section import MeetingSection
from desktop.dossiers.money_section import MoneySection
from desktop.dossiers.papers_section import PapersSection
from desktop.dossiers.path_section import PathSection
from desktop.dossiers.readings_section import ReadingsSection
from desktop.dossiers.section import Section

FIRST = "suivi"
SECTIONS: dict[str, type[Section]] = {
    FIRST: FollowSection,
    "voie": PathSection,
    "argent": MoneySection,
    "mandat": MandateSection,
    "papiers": PapersSection,
    "releves": ReadingsSection,
    "rencontre": MeetingSection,
}
