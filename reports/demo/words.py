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

NOTES = {
    "tyonhaku": "Käytiin läpi avoimia paikkoja ja sovittiin, mihin haetaan ensin.",
    "cv": "Ansioluettelo päivitettiin yhdessä. Hakemuksen runko on valmis ja tallessa asiakkaan sähköpostissa.",
    "koulutus": "Selvitettiin, mitkä opinnot voidaan lukea hyväksi. Tutustumiskäynti oppilaitokseen kiinnostaa.",
    "alanvaihto": "Vahvuuksia ovat asiakastyö ja tarkkuus. Uusi ala löytyisi läheltä nykyistä osaamista.",
    "tyokyky": "Puhuttiin siitä, millainen työ sujuisi nyt. Lyhyempi päivä ja istumatyö tuntuvat sopivilta.",
    "kotoutuminen": "Kielikurssi alkaa tammikuussa. Siihen asti kielikahvila kerran viikossa.",
    "raha": "Laskut järjestettiin kiireellisyyden mukaan. Velkaneuvonnasta saa ajan parin viikon päähän.",
    "digi": "Tehtiin työnhakuprofiili loppuun. Kirjautuminen onnistuu nyt itsekin.",
    "irtisanottu": "Käytiin läpi, mitä muutosturva tarjoaa. Ilmoittautuminen työnhakijaksi on tehty.",
    "muu": "Lyhyt neuvonta. Asia selvisi samalla käynnillä.",
}
WORKS = ["Rohkeus lähteä liikkeelle.", "Arki rullaa ja perhe tukee.", "Pitkä kokemus asiakastyöstä.", "Kieli kehittyy joka viikko."]
WISHES = ["Kokoaikainen työ läheltä kotia.", "Takaisin hoitoalalle.", "Työ, jossa ei tarvitse nostaa raskasta.", "Oma ala uudelleen auki."]
STEPS = [
    ("Täydennä työnhakuprofiili", "Työnantajat löytävät sinut"),
    ("Soita oppilaitoksen opinto-ohjaajalle", "Tiedät, mitkä opinnot luetaan hyväksi"),
    ("Lähetä hakemus sovittuun paikkaan", "Pääset haastatteluun"),
    ("Tutustu kielikahvilaan", "Saat puhua suomea turvallisesti"),
    ("Varaa aika velkaneuvontaan", "Laskut saadaan järjestykseen"),
    ("Kysy työpaikkakäynnistä kaverin työpaikalla", "Näet työn ennen kuin päätät"),
    ("Tule uudestaan keskiviikkona ja ota todistukset mukaan", "Katsotaan yhdessä, mitä ne avaavat"),
]  # fmt: skip
SAID = [
    "Kiitos, sain selkeän neuvon heti.",
    "Hyvä kun ei tarvinnut varata aikaa.",
    "Odotin aika kauan.",
    "Tulkki olisi auttanut.",
    "Aulassa kuulee muiden asiat.",
    "Ystävällinen vastaanotto.",
    "Olisin tarvinnut lisää aikaa.",
]
EMPLOYERS = [
    ("Hämeen Siivouspalvelu Koe Oy", "81", "small"), ("Kahvila Vanajanranta Esimerkki", "56", "micro"),
    ("Metalli Koekallio Oy", "25", "medium"), ("Hoivakoti Esimerkkilehto", "87", "medium"),
    ("Rakennus Koerakenne Ky", "41", "small"), ("Logistiikka Esimerkkitie Oy", "49", "large"),
    ("Kukkakauppa Koekielo", "47", "micro"), ("Päiväkoti Esimerkkipiha", "85", "small"),
    ("Ravintola Koelinna", "56", "small"), ("Taimisto Esimerkkipuu", "01", "micro"),
    ("Varasto Koehylly Oy", "52", "medium"), ("Ohjelmisto Esimerkkibitti Oy", "62", "small"),
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
