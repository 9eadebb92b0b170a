"""Which code and which of the package's own data does a call depend on?

A result may be kept only as long as nothing that made it has changed. `Sources.digest(module)` covers the module,
every module of the package that it imports, directly or through others, at the top or inside a function, the data
files that these name, and the environment: Python, the machine and the version of every installed distribution. Where
it cannot be seen what a module imports (a name put together at run time), the whole package counts, or the folder of
that module where the name opens with a dot; a data file that no module names counts for all of them. So the answer is
too wide rather than too narrow.

It does not see code of an installed library that was edited in place without a new version.
"""

import ast
import hashlib
import platform
import sys
from functools import cached_property
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
#: imports nothing itself: it hands out the public names when they are asked for
FRONT = "__init__.py"


def environment():
    """What a result depends on outside the package, as text: Python, machine, every installed distribution."""
    versions = {f"{found.name} {found.version}" for found in metadata.distributions()}
    system = [sys.implementation.name, sys.version, platform.machine(), sys.platform]
    return "\n".join([*system, *sorted(versions)])


class Sources:
    """The source and data files of the package as they are on disk now, read once."""

    def __init__(self, package=PACKAGE):
        self.package = Path(package)
        self._stamps = self._stamped()
        self.content = {path.relative_to(self.package).as_posix(): path.read_bytes() for path in self._stamps}
        self.hashes = {name: hashlib.sha256(content).hexdigest() for name, content in self.content.items()}

    def _stamped(self):
        paths = (path for path in self.package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        stats = ((path, path.stat()) for path in sorted(paths))
        return {path: (stat.st_mtime_ns, stat.st_size, stat.st_ino) for path, stat in stats}

    def unchanged(self):
        """Whether the files are still those that were read."""
        return self._stamped() == self._stamps

    @cached_property
    def graph(self):
        """Of each module the files that it imports and the data files that it names: {file: [files, files]}."""
        modules = {name: self._read_module(name) for name in self.content if name.endswith(".py")}
        data = sorted(set(self.content) - set(modules))
        return {
            name: [imported, [path for path in data if _names(path, said)]]
            for name, (imported, said) in modules.items()
        }

    @cached_property
    def environment(self):
        return environment()

    def digest(self, *modules, stop=()):
        """SHA-256 of all that the modules depend on; "" stands for the whole package.

        `modules` are names below the package ("reuse.passages"). Modules in `stop` count themselves, but what they
        import does not: for a caller that has what comes through them in its key already.
        """
        files = set(self.content) if "" in modules else self.files(*modules, stop=stop)
        lines = [self.environment, *(f"{name} {self.hashes[name]}" for name in sorted(files))]
        return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()

    def files(self, *modules, stop=()):
        """The files of the package that the modules depend on: a set of paths below the package."""
        stops = {self._file(name) for name in stop} | {FRONT}
        found, waiting = set(), [self._file(name) for name in modules]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            waiting += [f"{folder}/__init__.py" for folder in _folders(name) if f"{folder}/__init__.py" in self.content]
            if name not in stops:
                waiting += self.graph[name][0]
        return found | {FRONT} | self._data(found)

    def _data(self, modules):
        """The data files that these modules name, by file name or by folder, and those that no module names."""
        known = {data for _, named in self.graph.values() for data in named}
        others = set(self.content) - set(self.graph) - known
        return {data for name in modules for data in self.graph[name][1]} | others

    def _file(self, module):
        """The file of a module; KeyError for one that is not there."""
        stem = module.replace(".", "/")
        return next(name for name in (f"{stem}.py", f"{stem}/__init__.py" if stem else FRONT) if name in self.content)

    def _read_module(self, name):
        """(files that a module imports, strings that stand in it); all there are for a module that cannot be parsed."""
        try:
            tree = ast.parse(self.content[name])
        except (SyntaxError, ValueError):
            return sorted(other for other in self.content if other.endswith(".py")), sorted(self.content)
        here, imported, said = name.split("/")[:-1], set(), []
        beside = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_relative(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    imported |= self._module_files(alias.name.split("."), [])
            elif isinstance(node, ast.ImportFrom):
                imported |= self._imported_from(node, here)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.append(node.value)
            elif isinstance(node, ast.Name) and node.id in ("import_module", "__import__") and name != FRONT:
                below = "".join(f"{folder}/" for folder in here) if id(node) in beside else ""
                imported |= {other for other in self.content if other.endswith(".py") and other.startswith(below)}
        return sorted(imported), said

    def _imported_from(self, node, here):
        base = here[: len(here) - node.level + 1] if node.level else []
        parts = base + (node.module.split(".") if node.module else [])
        if not node.level:
            return self._module_files(parts, [alias.name for alias in node.names])
        return self._module_files([self.package.name, *parts], [alias.name for alias in node.names])

    def _module_files(self, parts, names):
        """The files behind `from a.b import names`: the module itself and the names that are modules below it."""
        if parts[0] != self.package.name:
            return set()
        stem = "/".join(parts[1:])
        stems = [stem, *("/".join(filter(None, (stem, name))) for name in names)]
        return {file for s in stems for file in (f"{s}.py", f"{s}/__init__.py") if s and file in self.content}


def _is_relative(call):
    """Whether the first argument of a call is a text that begins with one dot: a module of the same folder."""
    text = call.args[0] if call.args else None
    while isinstance(text, ast.JoinedStr | ast.BinOp):
        text = text.values[0] if isinstance(text, ast.JoinedStr) else text.left
    said = text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""
    return said.startswith(".") and not said.startswith("..")


def _folders(name):
    parts = name.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _names(data, said):
    """Whether one of the strings names a data file, or the folder that it lies in (below data/)."""
    parts = data.split("/")
    folder = parts[-2] if len(parts) > 2 else None
    return any(parts[-1] in text or (folder and folder in text.split("/")) for text in said)
