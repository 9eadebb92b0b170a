"""From the bytes of a file to the raw text that all spans count in."""

from pathlib import Path

from .errors import PlanError


def decode(data, name):
    """The text of a plain-text file; `name` stands in the error.

    UTF-8, with or without a byte order mark (the mark stays in the raw text and is logged by cleaning). Anything else
    is refused, never guessed.
    """
    if not data.strip():
        raise PlanError(f"{name}: the file is empty; nothing to read")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PlanError(
            f"{name}: byte {error.start}: 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8 text"
        ) from None
    if not any(character.isalnum() for character in text):
        raise PlanError(f"{name}: no letter or digit in the file; nothing to read")
    return text


def text_files(paths):
    """The text files among files and folders, sorted by name; a folder gives its .txt and .md files."""
    found = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in (".txt", ".md") and p.is_file())
            if not inside:
                raise PlanError(f"{path}: no .txt or .md file in this folder")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise PlanError(f"{path}: no such file or folder")
    return found
