"""What a printed figure must not do: cut a text off at the edge, or set one text over another."""

import numpy as np
from matplotlib.text import Annotation, Text

from libplans.plots.style import style


def shown_texts(figure):
    """Every text that is drawn, with the four corners of its box in pixels (turned as the text is)."""
    with style():
        figure.draw_without_rendering()
        renderer = figure.canvas.get_renderer()
        hidden, found = _hidden(figure), []
        for text in figure.findobj(Text):
            if id(text) in hidden or not (text.get_visible() and text.get_text().strip()):
                continue
            if isinstance(text, Annotation):
                text.update_positions(renderer)
            found.append((text.get_text(), _corners(text, renderer)))
    return found


def _hidden(figure):
    """Texts that matplotlib keeps but does not draw: of ticks outside the limits and of axes that are switched off."""
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = 1e-9 * (high - low)
            for tick in (*axis.majorTicks, *axis.minorTicks):
                if not axes.axison or not low - slack <= tick.get_loc() <= high + slack:
                    hidden |= {id(tick.label1), id(tick.label2)}
            if not axes.axison:
                hidden |= {id(axis.label), id(axis.offsetText)}
    return hidden


def _corners(text, renderer):
    box = text.get_window_extent(renderer)
    turn = text.get_rotation()
    if turn % 90 == 0:
        width, height, turn = box.width, box.height, 0.0
    else:
        text.set_rotation(0)
        level = text.get_window_extent(renderer)
        text.set_rotation(turn)
        width, height = level.width, level.height
    centre = np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    angle = np.radians(turn)
    along, up = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    return np.array(
        [centre + a * width / 2 * along + b * height / 2 * up for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    )


def overlap(one, other, slack=1.5):
    """Whether two turned boxes share more than `slack` pixels in every direction (separating axis theorem)."""
    for corners in (one, other):
        for start, end in ((0, 1), (1, 2)):
            normal = corners[end] - corners[start]
            length = np.hypot(*normal)
            if length == 0:
                return False
            a, b = one @ normal / length, other @ normal / length
            if min(a.max(), b.max()) - max(a.min(), b.min()) <= slack:
                return False
    return True


def faults(figure):
    """Texts cut off and pairs of texts over each other, as list of str; empty for a figure fit to print."""
    width, height = figure.bbox.width, figure.bbox.height
    texts = shown_texts(figure)
    found = [
        f"cut off: {words!r}"
        for words, box in texts
        if box[:, 0].min() < -1 or box[:, 1].min() < -1 or box[:, 0].max() > width + 1 or box[:, 1].max() > height + 1
    ]
    boxes = np.array([[*box.min(axis=0), *box.max(axis=0)] for _, box in texts]).reshape(-1, 4)
    for place, (words, box) in enumerate(texts):
        rest = boxes[place + 1 :]
        near = (rest[:, 0] < boxes[place, 2]) & (rest[:, 2] > boxes[place, 0])
        near &= (rest[:, 1] < boxes[place, 3]) & (rest[:, 3] > boxes[place, 1])
        others = [texts[place + 1 + other] for other in np.flatnonzero(near)]
        found += [f"{words!r} over {other!r}" for other, second in others if overlap(box, second)]
    return found
