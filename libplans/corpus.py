"""The corpus: plans as tables of sections and sentences, every row with its place in the raw text.

`load` reads the registered plans of a data folder, `read_texts` reads any text files without a register. A character
of a raw text stands in a sentence, or in a row of `cleaning` with the rule that removed it, or it is white space.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from .errors import PlanError
from .reading.plan import Reading, read_plan
from .reading.read import TEXTS, decode, is_document, named_encoding, shown, text_files
from .reading.register import find_register, place, read_register, read_verified
from .reading.shelf import Shelf, pack
from .tables import TABLES, TEXT, frame
from .workers import in_processes, processes_for

UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # characters (by category) that no plan id has: controls, half characters


@dataclass(frozen=True)
class Facts:
    """What is known of a plan without its text: its row of the register, the file it came from with its SHA-256, and
    how many body characters, sections and sentences it has."""

    row: dict
    path: Path | None
    sha256: str
    chars: int
    sections: int
    sentences: int


class Corpus:
    """Plans read, cleaned and outlined: the tables `plans`, `cleaning`, `sections`, `sentences`, and the raw texts
    beside them.

    `plan_ids` are the ids in the order of the register or of the files, `roles` maps a plan to `plan` or `reference`,
    `raw` maps it to its raw text, in which all spans count. A table is joined when it is first asked for. The text of
    a plan is what its file held when it was read.
    """

    def __init__(self, readings=()):
        self._readings, self._facts = Shelf(), {}
        self.plan_ids, self.roles, self.raw = [], {}, RawTexts(self._readings)
        for reading in readings:
            self._take(_facts(reading), reading)

    def _take(self, facts, reading):
        """Take in a reading, or one that is packed (`shelf.pack`)."""
        plan = facts.row["plan"]
        self._facts[plan], self.roles[plan] = facts, facts.row["role"]
        self.plan_ids.append(plan)
        if isinstance(reading, Reading):
            self._readings.add(reading)
        else:
            self._readings.add_packed(plan, reading)

    def _reading(self, plan):
        if plan not in self._facts:
            raise PlanError(f"corpus: {plan!r} is not a plan of this corpus; known are {', '.join(self.plan_ids)}")
        return self._readings[plan]

    @cached_property
    def cleaning(self):
        return self._joined("cleaning")

    @cached_property
    def sections(self):
        return self._joined("sections")

    @cached_property
    def sentences(self):
        return self._joined("sentences")

    @cached_property
    def plans(self):
        rows = self._facts.values()
        return frame(
            "plans",
            ({**f.row, "chars": f.chars, "sections": f.sections, "sentences": f.sentences} for f in rows),
        )

    def _joined(self, name):
        columns = {column: [] for column in TABLES[name]}
        for reading in self._readings.values():
            for column, values in reading.columns(name).items():
                columns[column] += values
        return _table(name, columns)

    def rows(self, name, plan):
        """One plan's rows of the table `cleaning`, `sections` or `sentences`, without joining those of all plans."""
        return _table(name, self._reading(plan).columns(name))

    def text(self, plan, start, end):
        """The cleaned text of raw[start:end]: without what cleaning removed and without the line breaks of the page."""
        return self._reading(plan).text(start, end)

    def stream(self, plan):
        """The normalised stream of a plan for matching (`normalise.Stream`), in the order of its sentences."""
        return self._reading(plan).stream

    def sentence_offsets(self, plan, sentence):
        """The raw offset of each character of a sentence's text: int64 array as long as the text, not to be changed."""
        reading = self._reading(plan)
        return reading.offsets[reading.bounds[sentence - 1] : reading.bounds[sentence]]

    def sentence_sections(self, plan):
        """The section of each sentence of a plan, in order: int64 array."""
        return self._reading(plan).section.astype(np.int64)

    def aliases(self, plan):
        """The names that mean a plan's institution or region, from the register, longest first."""
        row = self._facts[plan].row
        names = {name.strip() for name in [*row["aliases"].split(";"), row["issuer"], row["region"]]} - {""}
        return sorted(names, key=lambda name: (-len(name), name))

    def names(self, lang="en"):
        """What each plan is called in a sentence: a Series plan -> its issuer in that language, references left out.

        Where the register has no name in that language, the issuer in the other, the title or the id stands in.
        """
        import pandas as pd

        columns = ("issuer_en", "issuer") if lang == "en" else ("issuer", "issuer_en")
        rows = {plan: facts.row for plan, facts in self._facts.items() if facts.row["role"] != "reference"}
        return pd.Series(
            {
                plan: next(filter(None, (*(row[column] for column in columns), row["title"])), plan)
                for plan, row in rows.items()
            },
            dtype=object,
        )

    def issued(self, plan):
        """The date of issue, YYYY[-MM[-DD]], "" where it is not known."""
        return self._facts[plan].row["issued"]

    def check_files(self):
        """Raise PlanError where a file is no longer what it was when it was read (by its SHA-256).

        The corpus itself does not change with the file; call this before results are written beside it.
        """
        for plan, facts in self._facts.items():
            if facts.path is None:
                continue
            try:
                same = hashlib.sha256(facts.path.read_bytes()).hexdigest() == facts.sha256
            except OSError:
                same = False
            if not same:
                raise PlanError(
                    f"{shown(facts.path)}: changed while it was being worked on (plan {plan!r}, SHA-256); nothing was "
                    "written; run it again"
                )

    def __len__(self):
        return len(self._facts)

    def __repr__(self):
        count = sum(facts.sentences for facts in self._facts.values())
        first = ", ".join(self.plan_ids[:6]) + (" …" if len(self) > 6 else "")
        return f"Corpus of {len(self)} plans, {count} sentences: {first}"

    def _repr_html_(self):
        columns = ["plan", "title", "issuer", "level", "issued", "chars", "sections", "sentences"]
        return self.plans[columns].to_html(index=False)


def _table(name, columns):
    """Columns (lists) as a DataFrame with the types of table `name`."""
    import pandas as pd

    kinds = {column: object if kind == TEXT else "Int64" for column, kind in TABLES[name].items()}
    return pd.DataFrame({column: pd.Series(columns[column], dtype=kind) for column, kind in kinds.items()})


class RawTexts(Mapping):
    """Plan -> raw text, of a corpus."""

    def __init__(self, readings):
        self._readings = readings

    def __getitem__(self, plan):
        return self._readings[plan].raw

    def __iter__(self):
        return iter(self._readings)

    def __len__(self):
        return len(self._readings)

    def __repr__(self):
        return f"raw texts of {len(self)} plans"


def load(folder, progress=None):
    """The corpus of the registered plans in a data folder (or the project folder above it).

    Files are verified against the register's hashes. `progress(done, total)` is called after each plan. Raises
    PlanError, one line, on the first thing that is wrong.
    """
    register = find_register(folder)
    rows = read_register(register)
    return _corpus([(row, register.parent / row["file"], register) for row in rows], progress)


def read_texts(paths, progress=None):
    """The corpus of any text files or folders of text files, without a register; the plan id is the file's stem.

    Two files with the same stem are refused. All have the role `plan`; names of institutions are not known, so
    `aliases` are empty. `progress(done, total)` is called after each file.
    """
    files, jobs, seen = text_files([paths] if isinstance(paths, (str, Path)) else paths), [], {}
    for path in files:
        if any(unicodedata.category(c) in UNSEEN for c in path.stem):
            raise PlanError(
                f"{shown(path)}: the plan id is the file's name, and this one cannot be shown; rename the file"
            )
        if path.stem in seen:
            raise PlanError(
                f"{shown(path)}: the plan id {path.stem!r} is taken by {shown(seen[path.stem])}; rename one of the two"
            )
        seen[path.stem] = path
        row = {**dict.fromkeys(TABLES["register"], ""), "plan": path.stem, "role": "plan", "file": path.name}
        jobs.append((row, path, None))
    if not jobs:
        raise PlanError("no file given; name text files or folders of text files")
    return _corpus(jobs, progress)


def _corpus(jobs, progress):
    """The corpus of files: jobs are (row, path, path of the register or None)."""
    corpus = Corpus()
    processes = processes_for([path.stat().st_size if path.is_file() else 0 for _, path, _ in jobs])
    call, given = (_read_packed, map(_prepared, jobs)) if processes > 1 else (_read_file, jobs)
    for done, (facts, reading) in enumerate(in_processes(call, given, processes), 1):
        corpus._take(facts, reading)
        if progress:
            progress(done, len(jobs))
    return corpus


def _prepared(job):
    """A job for a process beside this one: a document whose text is stored when first read is read here."""
    if not is_document(job[1]):
        return job
    from .reading.formats.stored import text_folder

    if text_folder(job[1]) is None:
        return job
    try:
        return (*job, _source(*job))
    except PlanError as error:  # raised in its turn
        return (*job, error)


def _read_file(job):
    """(facts, reading) of the file of a job."""
    row, path, register, *given = job
    source = given[0] if given else _source(row, path, register)
    if isinstance(source, PlanError):
        raise source
    reading = read_plan(row, source[0])
    return _facts(reading, path, source[1]), reading


def _read_packed(job):
    facts, reading = _read_file(job)
    return facts, pack(reading)


def _facts(reading, path=None, sha256=""):
    body = int(reading.stream.body.sum())
    return Facts(reading.row, path, sha256, body, len(reading.sections["section"]), len(reading))


def _source(row, path, register):
    """(raw text, SHA-256 of the file): of a registered file, checked, or of any file where `register` is None.

    A registered plain text is UTF-8 unless its name states another encoding.
    """
    if register is None:
        data = path.read_bytes()
        return decode(data, path), hashlib.sha256(data).hexdigest()
    data = read_verified(register.parent, row, register)
    encoding = "" if named_encoding(path) or path.suffix.lower() not in TEXTS else "utf-8"
    try:
        return decode(data, path, encoding), row["sha256"]
    except PlanError as error:
        raise PlanError(f"{error} (named in {place(register, row)})") from None
