"""Invented people and what they speak of, in natural Finnish."""

FIRST_NAMES = [
    "Aino", "Marja-Liisa", "Heikki", "Tuula", "Sami", "Päivi", "Olga", "Mohammed", "Irina", "Jari", "Kaisa", "Antero",
    "Natalia", "Ahmed", "Ritva", "Timo", "Yasmin", "Pekka", "Svitlana", "Eero", "Anneli", "Hodan", "Markku", "Leena",
    "Oleksandr", "Minna", "Ville", "Parisa", "Kirsti", "Juhani", "Sirpa", "Faisal", "Tarja", "Esa", "Katja", "Raimo",
]  # fmt: skip
LAST_NAMES = [
    "Koivulahti", "Rantapelto", "Metsävuori", "Harjunpää", "Lehtokangas", "Petrenko", "Al-Salman", "Niittymaa",
    "Kivisaari", "Hakamäki", "Sorokina", "Ylitalonen", "Rostamian", "Vesikallio", "Aallonranta", "Warsamaa",
    "Kuusiharju", "Peltosaari", "Ivanenko", "Tuomikoski", "Suvantola", "Hassanpour", "Myllylahti", "Korpirinne",
]  # fmt: skip
# Those of whom something goes on (reports/demo/files.py); and one person as two desks wrote the name.
PEOPLE = [
    "Anja Sorvipelto", "Tomi Rautalahtinen", "Pirjo Vehmaskoski", "Reijo Pihlajasuo", "Oksana Bilovar",
    "Zahra Karimpour", "Lauri Hietakorpi", "Henna Tuulikallio", "Karim Al-Nuuri", "Miro Kanervisto",
    "Satu Lumivaara", "Ella Hallavaara",
]  # fmt: skip
SAME_PERSON = ("Katarzyna Nowalska", "Katarzina Novalska")

NOTES = {
    "tyonhaku": [
        "Käytiin läpi avoimia paikkoja ja sovittiin, mihin haetaan ensin.",
        "Hakukohteita löytyi kolme läheltä kotia. Yhteen soitettiin heti.",
        "Palkkatuki voisi madaltaa kynnystä. Kysytään työnantajalta.",
    ],
    "cv": [
        "Ansioluettelo päivitettiin yhdessä. Hakemuksen runko on valmis ja tallessa asiakkaan sähköpostissa.",
        "Osaaminen koottiin sanoiksi. Vapaaehtoistyö otettiin mukaan.",
    ],
    "koulutus": [
        "Selvitettiin, mitkä opinnot voidaan lukea hyväksi. Tutustumiskäynti oppilaitokseen kiinnostaa.",
        "Oppisopimus kiinnostaa. Työpaikka löytyisi nykyisestä sijaisuudesta.",
    ],
    "alanvaihto": [
        "Vahvuuksia ovat asiakastyö ja tarkkuus. Uusi ala löytyisi läheltä nykyistä osaamista.",
        "Kolme alaa jäi harkintaan. Työkokeilu auttaa valinnassa.",
    ],
    "tyokyky": [
        "Puhuttiin siitä, millainen työ sujuisi nyt. Lyhyempi päivä ja istumatyö tuntuvat sopivilta.",
        "Omaan tahtiin sopiva työ löytyisi osa-aikaisena. Sovittiin yhteydenotto.",
    ],
    "kotoutuminen": [
        "Kielikurssi alkaa tammikuussa. Siihen asti kielikahvila kerran viikossa.",
        "Aiempi tutkinto tunnustetaan hakemuksella. Lomake täytettiin yhdessä.",
    ],
    "raha": [
        "Laskut järjestettiin kiireellisyyden mukaan. Velkaneuvonnasta saa ajan parin viikon päähän.",
        "Tarkistettiin, mihin etuuteen on oikeus. Hakemus lähti käynnin aikana.",
    ],
    "digi": [
        "Tehtiin työnhakuprofiili loppuun. Kirjautuminen onnistuu nyt itsekin.",
        "Tunnistautuminen puhelimella otettiin käyttöön. Ohje jäi paperilla mukaan.",
    ],
    "irtisanottu": ["Käytiin läpi, mitä muutosturva tarjoaa. Ilmoittautuminen työnhakijaksi on tehty."],
    "muu": ["Lyhyt neuvonta. Asia selvisi samalla käynnillä.", "Kerrottiin, mistä palvelun saa ja milloin."],
}
WORKS = [
    "Rohkeus lähteä liikkeelle.",
    "Arki rullaa ja perhe tukee.",
    "Pitkä kokemus asiakastyöstä.",
    "Kieli kehittyy joka viikko.",
]
WISHES = [
    "Kokoaikainen työ läheltä kotia.",
    "Takaisin hoitoalalle.",
    "Työ, jossa ei tarvitse nostaa raskasta.",
    "Oma ala uudelleen auki.",
]
STEPS = [
    ("Täydennä työnhakuprofiili", "Työnantajat löytävät sinut"),
    ("Soita oppilaitoksen opinto-ohjaajalle", "Tiedät, mitkä opinnot luetaan hyväksi"),
    ("Lähetä hakemus sovittuun paikkaan", "Pääset haastatteluun"),
    ("Tutustu kielikahvilaan", "Saat puhua suomea turvallisesti"),
    ("Varaa aika velkaneuvontaan", "Laskut saadaan järjestykseen"),
    ("Kysy työpaikkakäynnistä tutulta työnantajalta", "Näet työn ennen kuin päätät"),
    ("Tule uudestaan ja ota todistukset mukaan", "Katsotaan yhdessä, mitä ne avaavat"),
    ("Käy tutustumassa työpajaan", "Tiedät, sopiiko se sinulle"),
]  # fmt: skip
SAID_GLAD = [
    "Kiitos, sain selkeän neuvon heti.",
    "Hyvä, kun ei tarvinnut varata aikaa.",
    "Ystävällinen vastaanotto.",
    "Kaikki hoitui yhdellä käynnillä.",
    "Minua kuunneltiin rauhassa.",
    "Sain paperin, jossa lukee mitä teen seuraavaksi.",
]
SAID_WISHES = [
    "Odotin aika kauan.",
    "Tulkki olisi auttanut.",
    "Aulassa kuulee muiden asiat.",
    "Olisin tarvinnut lisää aikaa.",
    "En ole varma, mitä teen seuraavaksi.",
]
# What was said, what was done, what followed, and how many days ago it was told.
SAID_AND_DONE = [
    (
        {"fi": "Tulkki puuttuu illalla", "sv": "Tolk saknas på kvällen", "en": "No interpreter in the evening"},
        {
            "fi": "Arabian tulkki on paikalla klo 15–18.",
            "sv": "En tolk i arabiska är på plats kl. 15–18.",
            "en": "An Arabic interpreter is here from 3 to 6 p.m.",
        },
        {
            "fi": "Tulkkia on käytetty joka viikko.",
            "sv": "Tolken har behövts varje vecka.",
            "en": "The interpreter has been needed every week.",
        },
        40,
    ),
    (
        {
            "fi": "En tiedä, mitä teen seuraavaksi",
            "sv": "Jag vet inte vad jag gör härnäst",
            "en": "I do not know what to do next",
        },
        {
            "fi": "Jokainen saa muistilistan mukaansa.",
            "sv": "Alla får en minneslista med sig.",
            "en": "Everybody gets a list to take along.",
        },
        {
            "fi": "Yhä useampi vastaa tietävänsä seuraavan askeleen.",
            "sv": "Allt fler svarar att de vet nästa steg.",
            "en": "More and more say that they know the next step.",
        },
        26,
    ),
    (
        {"fi": "Aulassa kuulee kaiken", "sv": "I aulan hörs allt", "en": "One hears everything in the lobby"},
        {
            "fi": "Pisteet 2 ja 3 siirtyivät huoneisiin.",
            "sv": "Diskarna 2 och 3 flyttades till egna rum.",
            "en": "Desks 2 and 3 moved into rooms.",
        },
        {},
        12,
    ),
]
EMPLOYERS = [
    ("Hämeen Siivouspalvelu Koe Oy", "81", "small"), ("Kahvila Vanajanranta Esimerkki", "56", "micro"),
    ("Metalli Koekallio Oy", "25", "medium"), ("Hoivakoti Esimerkkilehto", "87", "medium"),
    ("Rakennus Koerakenne Ky", "41", "small"), ("Logistiikka Esimerkkitie Oy", "49", "large"),
    ("Kukkakauppa Koekielo", "47", "micro"), ("Päiväkoti Esimerkkipiha", "85", "small"),
    ("Ravintola Koelinna", "56", "small"), ("Taimisto Esimerkkipuu", "01", "micro"),
    ("Varasto Koehylly Oy", "52", "medium"), ("Ohjelmisto Esimerkkibitti Oy", "62", "small"),
    ("Konepaja Esimerkkiratas Oy", "28", "medium"), ("Leipomo Koevehnä", "10", "micro"),
    ("Kuntokeskus Esimerkkivire Oy", "93", "small"), ("Hotelli Koelampi Oy", "55", "medium"),
    ("Sähköasennus Esimerkkivirta Oy", "43", "small"), ("Kotipalvelu Koeapu Oy", "88", "small"),
    ("Tilitoimisto Esimerkkikirja Oy", "69", "micro"), ("Ruokatukku Koekori Oy", "46", "large"),
    ("Puusepänverstas Esimerkkihöylä", "31", "micro"), ("Pesula Koekupla Oy", "96", "small"),
    ("Matkailutila Esimerkkiniitty", "55", "micro"), ("Kierrätys Koelajittelu Oy", "38", "medium"),
    ("Kirjapaino Esimerkkisivu Oy", "18", "small"),
]  # fmt: skip
POSITIONS = [
    ("Siivooja, iltavuoro", "job"), ("Keittiöapulainen", "job"), ("Hitsaaja", "job"), ("Hoiva-avustaja", "subsidised"),
    ("Varastotyöntekijä", "job"), ("Työkokeilu kahvilassa", "trial"), ("Puutarhatyöntekijä", "gig"),
    ("Koulunkäynninohjaaja", "apprenticeship"), ("Kuljettaja", "job"), ("Toimistoavustaja", "subsidised"),
]  # fmt: skip
CONTACTS = [
    "Kertoi rekrytoivansa kaksi iltavuorolaista joulukuussa.",
    "Kysyi palkkatuesta ja työkokeilusta. Lähetettiin ohjeet.",
    "Haluaa tulla walk-in-rekrytointiin keväällä.",
    "Etsii kesäksi kausityöntekijöitä, aloitus toukokuussa.",
]
