"""Which code page a file without a Unicode mark has, over languages and lengths."""

import itertools

import pytest

from importer.reader.code_pages import most_plausible

SAMPLES = {
    "Spanish": ("cp1252", "Name;City\nBegoña Ibáñez;Gijón\nJosé Muñoz;Málaga\nMaría Peña;León\n"),
    "Danish": ("cp1252", "Navn;By\nSøren Kjær;Århus\nJørgen Møller;København\n"),
    "Norwegian": ("cp1252", "Navn;By\nBjørn Håkonsen;Ålesund\nKåre Sæther;Tromsø\n"),
    "Italian": ("cp1252", "Nome;Città\nNiccolò Fenoglio;Forlì\nGiosuè Cantù;Città di Castello\n"),
    "Icelandic": ("cp1252", "Nafn;Bær\nSæþór;Höfn\nÞórunn;Ísafjörður\n"),
    "Faroese": ("cp1252", "Navn;Býur\nJákup;Tórshavn\nBárður;Klaksvík\nRúni;Miðvágur\n"),
    "German": ("cp1252", "Name;Straße\nMüller;Königsstraße\nJörg;Bäckerweg\n"),
    "French": ("cp1252", "Prénom;Nom\nFrançois;Lefèvre\nZoë;Bœuf\n"),
    "Portuguese": ("cp1252", "Nome;Cidade\nJoão Conceição;São Paulo\nInês Simões;Évora\n"),
    "Swedish": ("cp1252", "Namn;Ort\nÅsa Öberg;Malmö\nGöran Sjöström;Västerås\n"),
    "Finnish": ("cp1252", "Nimi;Kaupunki\nPäivi Hämäläinen;Jyväskylä\nYrjö;Hämeenlinna\n"),
    "Polish": ("cp1250", "Imię;Nazwisko\nŁukasz;Wiśniewski\nZażółć;Gęślą\n"),
    "Czech": ("cp1250", "Jméno;Příjmení\nJiří;Novák\nŽofie;Dvořáková\n"),
    "Slovak": ("cp1250", "Meno;Mesto\nĽuboš Kováč;Košice\nŠtefan Hudák;Prešov\n"),
    "Hungarian": ("cp1250", "Név;Cím\nÁrpád;Győr\nErzsébet;Szűcs\n"),
    "Romanian": ("cp1250", "Nume;Oraş\nŞtefan Ţîrlea;Braşov\n"),
    "Croatian": ("cp1250", "Ime;Grad\nŽeljko Đurić;Čakovec\nIvana Šimić;Šibenik\n"),
    "Turkish": ("cp1254", "Ad;Soyad\nŞükrü;Yıldırım\nİğdem;Çağlar\n"),
    "Hebrew": ("cp1255", "שם;עיר\nיוסי כהן;תל אביב\n"),
    "Greek": ("cp1253", "Όνομα;Πόλη\nΓιώργος;Αθήνα\n"),
    "Latvian": ("cp1257", "Vārds;Uzvārds\nJānis;Bērziņš\nKristīne;Kalniņa\n"),
    "Russian": ("cp1251", "Имя;Город\nИван;Москва\n"),
    "Russian of Unix": ("koi8-r", "Имя;Город\nИван;Москва\n"),
    "Russian of DOS": ("cp866", "Имя;Город\nИван;Москва\n"),
    "Arabic": ("cp1256", "الاسم;المدينة\nمحمد;القاهرة\n"),
}


def read(text, codec):
    """The text as it comes back from its bytes: code pages that agree about all of them are as good as each other."""
    content = text.encode(codec)
    lines = b"\n".join(line for line in content.splitlines() if not line.isascii())
    return content.decode(most_plausible(lines).codec, "replace")


@pytest.mark.parametrize("times", [1, 10])
@pytest.mark.parametrize("language", SAMPLES)
def test_names_come_back_as_they_were(language, times):
    codec, text = SAMPLES[language]
    assert read(text * times, codec) == text * times


WESTERN = [language for language, (codec, _) in SAMPLES.items() if codec == "cp1252"]
CENTRAL = [language for language, (codec, _) in SAMPLES.items() if codec == "cp1250"]


@pytest.mark.parametrize("pair", [*itertools.combinations(WESTERN, 2), *itertools.combinations(CENTRAL, 2)], ids=" and ".join)
def test_a_file_may_mix_languages(pair):
    (codec, first), (_, second) = (SAMPLES[language] for language in pair)
    assert read(first + second, codec) == first + second


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("cp1252", "Begoña"), ("cp1252", "Muñoz"), ("cp1252", "Sørensen"), ("cp1252", "Niccolò"), ("cp1252", "Forlì"), ("cp1252", "João"),
        ("cp1252", "Müller"), ("cp1252", "Þórunn"), ("cp1250", "Kamińska"), ("cp1250", "Łódź"), ("cp1250", "Dvořák"), ("cp1250", "Růžičková"),
        ("cp1250", "Tůma"), ("cp1252", "Loïc"), ("cp1252", "Anaïs"), ("cp1252", "Haïti"), ("cp1252", "naïve"),
        ("cp1250", "Brăila"), ("cp1250", "Perić"), ("cp1251", "Юля"), ("cp1251", "А"), ("cp1251", "ООО «Ромашка» № 5"), ("koi8-r", "Юля"),
        ("koi8-r", "ПЕТРОВ"), ("cp1255", "יוסי כהן;תל אביב"),
    ],
)  # fmt: skip
def test_one_name_can_be_enough(codec, name):
    assert read(f"Name;City\n{name};x\n", codec) == f"Name;City\n{name};x\n"


@pytest.mark.parametrize(
    ("codec", "cell"),
    [
        ("cp1252", "Smith – Sons"), ("cp1252", "€500"), ("cp1252", "£ 500"), ("cp1252", "1\u00a0200"), ("cp1252", "½ Price"),
        ("cp1252", "• VIP"), ("cp1252", "© Acme"), ("cp1252", "D´Angelo"), ("cp1251", "№ 5"),
        ("cp1252", "Nº"), ("cp1252", "C/ Mayor 5, 3º 2ª"), ("cp1252", "Avda. Sol 12, 1ºB;José"), ("cp1252", "Rua 5, 2.º andar;João"),
    ],
)  # fmt: skip
def test_a_sign_among_plain_letters_is_that_sign(codec, cell):
    assert read(f"Name;City\n{cell};x\n", codec) == f"Name;City\n{cell};x\n"


@pytest.mark.parametrize("language", SAMPLES)
def test_signs_in_a_file_do_not_change_what_its_letters_are(language):
    codec, text = SAMPLES[language]
    signs = "".join(f"{sign} 5;x {sign} y\n" for sign in "–€£№°§" if sign.encode(codec, "ignore"))
    assert read(text + signs, codec) == text + signs


@pytest.mark.parametrize(
    ("codec", "text"), [("gb18030", "姓名,公司\n王小明,示例公司\n李娜,北京\n"), ("iso8859-2", "Imię;Łódź\nWiśniewski;Świątek\n")]
)
def test_letters_that_make_no_words_in_any_code_page_are_not_called_plausible(codec, text):
    assert "say the encoding" in most_plausible(text.encode(codec)).note
    assert "they are plausible" in most_plausible("Имя;Город\nИван;Тверь\n".encode("cp1251")).note
