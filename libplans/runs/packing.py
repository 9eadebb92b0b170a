"""How is a result kept on disk so that it comes back as it was, and the same result as the same bytes?

`pack` lays out plain values, numpy arrays, DataFrames and networkx graphs; `unpack` brings them back, of the same
types. Nothing in the bytes is ever run, unlike a pickle, and equal values give equal bytes, so their SHA-256 stands for
the value. What has another type, or would come back as anything but itself, is refused with `Unpackable`.

A packed value is: the mark and version, the blobs one behind the other, a JSON tree that refers to them, the length of
the tree (8 bytes), the SHA-256 of all that (32 bytes).
"""

import hashlib
import json

import numpy as np

MARK = b"libplans packed 1\n"
LONG = 200  # characters from which a text is a blob


class Unpackable(TypeError):
    """A value that cannot be packed."""


class Damaged(ValueError):
    """Bytes that are not a packed value, or not all of one."""


def pack(value):
    """A value as bytes."""
    return b"".join(pieces(value))


def pieces(value):
    """The bytes of a packed value piece by piece: a large one stands in memory once."""
    blobs, checksum = [], hashlib.sha256()
    tree = json.dumps(_lay(value, blobs), separators=(",", ":")).encode("ascii")
    for piece in (MARK, *blobs, tree, len(tree).to_bytes(8, "little")):
        checksum.update(piece)
        yield piece
    yield checksum.digest()


def packed_digest(data):
    """The SHA-256 (hexadecimal) that stands at the end of packed bytes."""
    return bytes(data[-32:]).hex()


def unpack(data):
    """The value that `pack` laid out; raises Damaged where a single bit has changed."""
    view = memoryview(data)
    if len(view) < len(MARK) + 40 or view[: len(MARK)] != MARK:
        raise Damaged("not a packed value")
    if hashlib.sha256(view[:-32]).digest() != view[-32:]:
        raise Damaged("its checksum is another")
    end = len(view) - 40
    start = end - int.from_bytes(view[end : end + 8], "little")
    return _raise_up(json.loads(bytes(view[start:end])), view[len(MARK) : start])


def _lay(value, blobs):
    """The tree of a value: [kind, …]; long content goes to `blobs`."""
    pd = None
    if type(value).__module__.startswith("pandas"):  # else it is not loaded: that takes a while
        import pandas as pd
    if type(value) is str and len(value) > LONG:
        return ["text", _blob(value.encode("utf-8", "surrogatepass"), blobs)]
    if (value is None or type(value) in (bool, int, str, float, dict, list)) and _is_plain(value):
        return ["plain", value]
    if type(value) is float and value != value:
        return ["empty", False]
    if pd and value is pd.NA:
        return ["empty", True]
    if type(value) is bytes:
        return ["bytes", _blob(value, blobs)]
    if type(value) is np.ndarray:
        return _lay_array(value, blobs)
    if type(value) is list and value and all(type(part) is np.ndarray and part.ndim == 1 for part in value):
        if len({part.dtype for part in value}) == 1:
            return ["arrays", [len(part) for part in value], _lay_array(np.concatenate(value), blobs)]
    if type(value) in (list, tuple):
        return [type(value).__name__, [_lay(part, blobs) for part in value]]
    if type(value) is dict:
        return ["dict", [[_lay(key, blobs), _lay(part, blobs)] for key, part in value.items()]]
    if pd and type(value) is pd.DataFrame:
        return _lay_frame(value, blobs)
    if type(value).__module__.startswith("networkx.classes.") and not value.is_multigraph():
        nodes, edges = [[list(part) for part in view(data=True)] for view in (value.nodes, value.edges)]
        return ["graph", value.is_directed(), [_lay(part, blobs) for part in (dict(value.graph), nodes, edges)]]
    raise Unpackable(f"{type(value).__module__}.{type(value).__name__}")


def _is_plain(value):
    """Whether JSON brings a value back as it was, type for type."""
    try:
        return _same(json.loads(json.dumps(value)), value)
    except (TypeError, ValueError, RecursionError):
        return False


def _same(one, other):
    """Equal, and of the same types all the way down (JSON makes lists of tuples, and texts of numbers as keys)."""
    if type(one) is not type(other):
        return False
    if type(one) is list:
        return len(one) == len(other) and all(map(_same, one, other))
    if type(one) is dict:
        return list(one) == list(other) and all(map(_same, one.values(), other.values()))
    return one == other


def _blob(data, blobs):
    blobs.append(bytes(data))
    return [sum(map(len, blobs[:-1])), len(blobs[-1])]


def _lay_array(array, blobs):
    if array.dtype.kind not in "biufUS":
        raise Unpackable(f"an array of {array.dtype}")
    return ["array", array.dtype.str, list(array.shape), _blob(np.ascontiguousarray(array).tobytes(), blobs)]


def _lay_frame(frame, blobs):
    import pandas as pd

    if frame.attrs or frame.columns.name is not None or type(frame.columns) not in (pd.Index, pd.RangeIndex):
        raise Unpackable("a table with attributes or named columns")
    names = [_lay(name, blobs) for name in frame.columns.tolist()]
    columns = [_lay_column(frame.iloc[:, place], blobs) for place in range(frame.shape[1])]
    return ["frame", names, columns, _lay_index(frame.index, blobs), str(frame.columns.dtype)]


def _lay_index(index, blobs):
    import pandas as pd

    if type(index) is pd.RangeIndex:
        return ["range", [index.start, index.stop, index.step], _lay(index.name, blobs)]
    if type(index) is pd.Index:
        return ["index", _lay_column(index.to_series(), blobs), _lay(index.name, blobs)]
    raise Unpackable(f"a table with an index of type {type(index).__name__}")


def _lay_column(column, blobs):
    """A column: texts as one UTF-8 blob with their lengths, numbers as arrays, with a mask where cells can be empty."""
    import pandas as pd

    kind = str(column.dtype)
    if kind in ("object", "str"):
        cells = column.tolist()
        if all(type(cell) is str for cell in cells):
            lengths = np.fromiter(map(len, cells), np.int64, len(cells))
            text = "".join(cells).encode("utf-8", "surrogatepass")
            return ["texts", kind, _lay_array(lengths, blobs), _blob(text, blobs)]
        if kind == "object":
            return ["objects", _lay(cells, blobs)]
        raise Unpackable("a column of texts with empty cells")
    if isinstance(column.dtype, np.dtype):
        return ["numbers", _lay_array(column.to_numpy(), blobs)]
    if isinstance(column.array, pd.core.arrays.BaseMaskedArray):
        return ["masked", kind, _lay_array(column.array._data, blobs), _lay_array(column.array._mask, blobs)]
    raise Unpackable(f"a column of type {kind}")


# ---- the way back ---------------------------------------------------------------------------------------------------


def _raise_up(tree, blobs):
    kind, *rest = tree
    if kind == "plain":
        return rest[0]
    if kind == "empty":
        return _not_available() if rest[0] else float("nan")
    if kind == "text":
        return bytes(_piece(rest[0], blobs)).decode("utf-8", "surrogatepass")
    if kind == "bytes":
        return bytes(_piece(rest[0], blobs))
    if kind == "array":
        return _array(tree, blobs)
    if kind == "arrays":
        ends = np.cumsum(rest[0])
        return [piece.copy() for piece in np.split(_array(rest[1], blobs), ends[:-1])]
    if kind in ("list", "tuple"):
        return {"list": list, "tuple": tuple}[kind](_raise_up(part, blobs) for part in rest[0])
    if kind == "dict":
        return {_raise_up(key, blobs): _raise_up(part, blobs) for key, part in rest[0]}
    return _frame(rest, blobs) if kind == "frame" else _graph(rest, blobs)


def _not_available():
    import pandas as pd  # only where it is needed: to load it takes a while

    return pd.NA


def _piece(place, blobs):
    return blobs[place[0] : place[0] + place[1]]


def _array(tree, blobs):
    _, kind, shape, place = tree
    return np.frombuffer(_piece(place, blobs), dtype=np.dtype(kind)).reshape(shape).copy()


def _frame(rest, blobs):
    import pandas as pd

    names, columns, index, kind = rest
    index = _index(index, blobs)
    series = [_column(column, blobs, index) for column in columns]
    frame = pd.DataFrame(dict(enumerate(series)), index=index)
    frame.columns = pd.Index([_raise_up(name, blobs) for name in names], dtype=kind)
    return frame


def _index(tree, blobs):
    import pandas as pd

    kind, content, name = tree
    if kind == "range":
        return pd.RangeIndex(*content, name=_raise_up(name, blobs))
    return pd.Index(_column(content, blobs, None).array, name=_raise_up(name, blobs))


def _column(tree, blobs, index):
    import pandas as pd

    kind, *rest = tree
    if kind == "texts":
        ends = np.cumsum(_array(rest[1], blobs)).tolist()
        text = bytes(_piece(rest[2], blobs)).decode("utf-8", "surrogatepass")
        return pd.Series([text[a:b] for a, b in zip([0, *ends], ends, strict=False)], index=index, dtype=rest[0])
    if kind == "objects":
        return pd.Series(_raise_up(rest[0], blobs), index=index, dtype=object)
    if kind == "numbers":
        return pd.Series(_array(rest[0], blobs), index=index)
    array = pd.array([], dtype=rest[0])
    return pd.Series(type(array)(_array(rest[1], blobs), _array(rest[2], blobs)), index=index)


def _graph(rest, blobs):
    import networkx

    graph = networkx.DiGraph() if rest[0] else networkx.Graph()
    about, nodes, edges = (_raise_up(part, blobs) for part in rest[1])
    graph.graph.update(about)
    graph.add_nodes_from((node, data) for node, data in nodes)
    graph.add_edges_from((one, other, data) for one, other, data in edges)
    return graph
