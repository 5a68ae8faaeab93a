"""A joint assessment of need that goes on: two professions have written, and one is yet to say what it thinks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.actions import joint, joint_section
from clients.models import Client

if TYPE_CHECKING:
    from reports.demo.files import Files


def look_together(files: Files, person: Client) -> None:
    """Opened five days ago by the advisor; the partner, whom the person lets know of assessments, writes a part."""
    leila, noora = files.leila, files.noora
    row = joint.open_joint(person, profession="Työelämävalmentaja", by=leila, at=files.ago(5, 5))
    start = joint.Start(
        "Pitää sovitusta kiinni. Kävelee joka aamu. Ystävä auttaa arjessa.",
        "Haluan päiviin rytmin ja työtä, jota jaksan tehdä muutaman tunnin kerrallaan.",
        files.on(4),
    )
    joint.write_start(row, start, by=leila, at=files.ago(5, 15))
    theirs = joint.ask_in(row, noora.membership, profession="Sosiaaliohjaaja", by=leila, at=files.ago(5, 20))
    mine = row.sections.get(contributor=leila.membership)
    told = "Aamupäivän työ sujuu. Työn alku kannattaa porrastaa: ensin kaksi päivää viikossa."
    joint_section.write_section(mine, told, by=leila, at=files.ago(4, 10))
    told = "Ryhmässä vointi on tasaista. Iltapäivät ovat raskaita, joten tauko päivään on tarpeen."
    joint_section.write_section(theirs, told, by=noora, at=files.ago(3, 10))
    words = "Osa-aikainen työ aamupäivisin, kaksi päivää viikossa. Rytmi katsotaan yhdessä kuukauden päästä."
    joint.word_conclusion(row, words, by=leila, at=files.ago(1, 10))
    joint_section.take_stance(mine, "agrees", version=1, by=leila, at=files.ago(1, 12))
