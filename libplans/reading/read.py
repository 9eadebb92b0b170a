"""From the bytes of a file to the raw text that all spans count in.

A plain text is decoded: its encoding is recognised by strict decoding and by how common the characters are that come
out, and never guessed between two that both make sense. A document (HTML, DOCX, PDF) is handed to `formats`.
"""

import re
from pathlib import Path

from ..errors import PlanError
from ..normalise import simplified_forms

TEXTS = (".txt", ".md")
DOCUMENTS = (".html", ".htm", ".docx", ".pdf")
FORMATS = TEXTS + DOCUMENTS
MAX_BYTES = 100_000_000  # of a file
MAX_CHARS = 20_000_000  # of a raw text: a thousand plans in one file
MAX_LINES = 1_000_000

#: encodings that are recognised without a name, each with the Python codecs that read it strictly, best first
RECOGNISED = {
    "utf-8": ("utf-8",),
    "utf-16-le": ("utf-16-le",),
    "utf-16-be": ("utf-16-be",),
    "gb18030": ("gb18030",),
    "big5": ("cp950", "big5hkscs"),
}
ALIASES = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb-18030": "gb18030",
    "cp936": "gb18030",
    "cp950": "big5",
    "big5-hkscs": "big5",
    "big5hkscs": "big5",
    "utf16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
}
NAME_IT = (
    "save the file as UTF-8 text, or name its encoding: in its name (plan.gb18030.txt), or for add with --encoding"
)
ENOUGH = 12  # Han characters from which their frequency tells encodings apart
PLAUSIBLE = 0.5  # share of common characters: about 0.8 in Chinese prose, under 0.25 when decoded wrongly
SURROGATE = re.compile("[\ud800-\udfff]")
SAMPLE = 100_000  # characters that are looked at

#: the commonest characters of written Chinese (the head of the modern-Chinese frequency lists), simplified
COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得"
    "经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义"
    "事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提"
    "直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决"
    "西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再"
    "采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石"
    "记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历"
    "市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参"
    "红细引听该铁价严馆读藏献服推创协促障升综献区遗承典籍益惠站馆览讲培训评估励志愿健完善优秀续拓挖掘扩丰富"
)
#: what the first bytes of a file say it is -> what to do with it
SIGNATURES = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old binary Office file (.doc, .wps, .xls) or an encrypted one",
        "open it in Word, WPS or LibreOffice and save it as .docx without a password",
    ),
    (b"{\\rtf", "a rich-text file (RTF)", "open it in Word or LibreOffice and save it as .docx"),
    (b"\x89PNG", "an image", "recognise its text (OCR) and save that as .txt"),
    (b"\xff\xd8\xff", "an image", "recognise its text (OCR) and save that as .txt"),
    (b"GIF8", "an image", "recognise its text (OCR) and save that as .txt"),
    (b"II*\x00", "an image", "recognise its text (OCR) and save that as .txt"),
    (b"MM\x00*", "an image", "recognise its text (OCR) and save that as .txt"),
    (b"7z\xbc\xaf\x27\x1c", "an archive", "unpack it and add the documents inside one by one"),
    (b"Rar!", "an archive", "unpack it and add the documents inside one by one"),
    (b"\x1f\x8b", "an archive", "unpack it and add the documents inside one by one"),
    (b"BZh", "an archive", "unpack it and add the documents inside one by one"),
    (b"\xfd7zXZ", "an archive", "unpack it and add the documents inside one by one"),
)


def shown(name):
    """A file name as it stands in a message: one line, whatever is in it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in str(name))


def is_document(name):
    """True for a file whose text is extracted (HTML, DOCX, PDF), by its ending."""
    return Path(name).suffix.lower() in DOCUMENTS


def decode(data, name, encoding=""):
    """The raw text of a file from its bytes; `name`, its path, tells the format and stands in the error.

    A plain text (.txt, .md, or no known ending) is decoded as `encoding`; without one, as its name says
    (`plan.gb18030.txt`), else as recognised among UTF-8, UTF-16, GB18030 and Big5. A byte order mark stays in the
    text. A document (.html, .docx, .pdf) gives the text that was extracted from it (`formats.stored`).
    Raises PlanError: an empty file, bytes that no encoding or more than one explains, a text over `MAX_CHARS`.
    """
    if is_document(name):
        from .formats.stored import document_text

        return document_text(data, name, encoding)
    return decode_text(data, name, encoding)[0]


def decode_text(data, name, encoding=""):
    """(text, encoding) of a plain text; as `decode`."""
    where = shown(name)
    refuse_empty(data, where)
    text, found = decode_source(data, where, encoding or named_encoding(name))
    refuse_unreadable(text, where)
    return text, found


def refuse_empty(data, where):
    """Raise PlanError for no bytes, and for more than a document has."""
    if not data.strip():
        raise PlanError(f"{where}: the file is empty; nothing to read")
    if len(data) > MAX_BYTES:
        raise PlanError(f"{where}: {len(data):,} bytes; no more than {MAX_BYTES:,} are read; split the document")


def refuse_unreadable(text, where):
    """Raise PlanError for a text without a letter or digit, with half a character (a lone surrogate), or of more than
    `MAX_CHARS` or `MAX_LINES`."""
    if not re.search(r"[^\W_]", text):
        raise PlanError(f"{where}: no letter or digit in the file; nothing to read")
    if half := SURROGATE.search(text):
        at = half.start()
        raise PlanError(
            f"{where}: character {at}: U+{ord(text[at]):04X}, half a character; save the file as UTF-8 text"
        )
    if len(text) > MAX_CHARS:
        raise PlanError(f"{where}: {len(text):,} characters; no more than {MAX_CHARS:,} are read; split the document")
    if (lines := len(text.splitlines())) > MAX_LINES:
        raise PlanError(f"{where}: {lines:,} lines; no more than {MAX_LINES:,} are read; split the document")


def named_encoding(name):
    """The encoding that a file name states before its ending (`plan.big5.txt`: big5), "" where it states none."""
    inner = Path(name).stem.rpartition(".")
    return canonical(inner[2]) if inner[1] and canonical(inner[2]) in RECOGNISED else ""


def canonical(encoding):
    """The name under which an encoding is known here."""
    name = encoding.strip().lower().replace("_", "-")
    return ALIASES.get(name, name)


def decode_source(data, where, encoding=""):
    """(text, encoding) of bytes, whatever the text holds; `where` opens the message."""
    if encoding:
        return _forced(data, where, canonical(encoding))
    for signature, what, remedy in SIGNATURES:
        if data.startswith(signature):
            raise PlanError(f"{where}: this is {what}, not text; {remedy}")
    if data.startswith(b"PK\x03\x04") or b"%PDF-" in data[:1024]:
        what, ending = ("a zip file (.docx?)", ".docx") if data.startswith(b"PK") else ("a PDF", ".pdf")
        raise PlanError(f"{where}: this is {what}, not text; give it its own ending ({ending}) and add it again")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _forced(data, where, "utf-16-le" if data[0] == 0xFF else "utf-16-be")
    return _recognised(data, where)


def _forced(data, where, encoding):
    if encoding == "utf-16":
        encoding = "utf-16-be" if data.startswith(b"\xfe\xff") else "utf-16-le"
    if encoding not in RECOGNISED:
        raise PlanError(f"{where}: unknown encoding {shown(encoding)!r}; name one of {', '.join(RECOGNISED)}")
    for codec in RECOGNISED[encoding]:
        try:
            return data.decode(codec), encoding
        except UnicodeDecodeError as error:
            place = error.start
    raise PlanError(f"{where}: byte {place}: 0x{data[place]:02x} is not {encoding}; {NAME_IT}")


def _recognised(data, where):
    """Strict UTF-8 where it holds; else the one encoding whose characters are common Chinese."""
    place = None
    try:
        text = data.decode("utf-8")
        if text.count("\x00") * 4 < len(text):
            return text, "utf-8"
    except UnicodeDecodeError as error:
        place = error.start
    scores = {}
    for encoding in ("utf-16-le", "utf-16-be", "gb18030", "big5"):
        for codec in RECOGNISED[encoding]:
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            if plausibility(text) >= PLAUSIBLE:
                scores[encoding] = text
            break
    if len(scores) == 1:
        return next((text, encoding) for encoding, text in scores.items())
    at = f"byte {place}: 0x{data[place]:02x} is not UTF-8" if place is not None else "not UTF-8 (NUL bytes)"
    why = f"{' and '.join(scores)} are both possible" if scores else "no other encoding is certain"
    raise PlanError(f"{where}: {at} and {why}; {NAME_IT}")


def plausibility(text):
    """How much a text looks like written Chinese: the share of the commonest characters among its Han characters.

    0 to 1; 0 where there are fewer than `ENOUGH` Han characters or where characters stand that no text holds
    (controls, private use, unassigned). Traditional characters count as their simplified forms.
    """
    sample = text[:SAMPLE]
    if len(re.findall("[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd-\uffff]", sample)) * 200 > len(sample):
        return 0.0
    han = re.findall("[\u3400-\u9fff\U00020000-\U0003ffff]", sample)
    if len(han) < ENOUGH:
        return 0.0
    simple = simplified_forms()
    return sum(simple.get(c, c) in COMMON for c in han) / len(han)


def read_bytes(path):
    """The bytes of a file that a user named; refused in one line where there is none or it is far too large."""
    path = Path(path)
    where = shown(path)
    if "\0" in str(path):
        raise PlanError(f"{where}: not a file name")
    try:
        if path.is_dir():
            raise PlanError(f"{where}: a folder; name the document itself")
        if not path.exists():
            raise PlanError(f"{where}: no such file")
        if not path.is_file():
            raise PlanError(f"{where}: not a file; name a document on disk")
        if path.stat().st_size > MAX_BYTES:
            raise PlanError(
                f"{where}: {path.stat().st_size:,} bytes; no more than {MAX_BYTES:,} are read; split the document"
            )
        return path.read_bytes()
    except OSError as error:
        raise PlanError(f"{where}: cannot be read ({error.strerror})") from None


def text_files(paths):
    """The readable files among files and folders, sorted by name; a folder gives its files of a known format."""
    found = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if _readable(p))
            if not inside:
                raise PlanError(f"{shown(path)}: no {', '.join(FORMATS)} file in this folder")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise PlanError(f"{shown(path)}: no such file or folder")
    for path in found:
        if path.stat().st_size > MAX_BYTES:
            raise PlanError(f"{shown(path)}: more than {MAX_BYTES:,} bytes; split the document")
    return found


def _readable(path):
    return path.suffix.lower() in FORMATS and path.is_file() and not path.name.startswith((".", "~$"))
