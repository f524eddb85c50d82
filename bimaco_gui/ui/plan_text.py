"""A plan of a batch in words: how many, how large, how long, and what is left out."""

from collections import Counter

from PySide6.QtCore import QCoreApplication

from bimaco_gui.services.batch import Plan
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.wording import about_duration, about_file_size, file_size

_MOST_LINES = 500


def plan_summary(plan: Plan) -> str:
    """Two or three lines: what is done, what it takes, what is left out."""
    translate = QCoreApplication.translate
    count = translate("Plan", "%n photo(s)", "", len(plan.jobs))
    parts = [count]
    if plan.jobs:
        parts.append(about_file_size(plan.output_bytes))
        if plan.seconds is not None:
            parts.append(about_duration(plan.seconds))
    lines = ["  ·  ".join(parts)]
    for disk in plan.disks:
        if disk.free_bytes is None:
            continue
        free = file_size(disk.free_bytes)
        if disk.is_enough:
            lines.append(translate("Plan", "{0} are free in {1}.").format(free, disk.folder))
        else:
            lines.append(
                translate("Plan", "Not enough room in {1}: {0} are free.").format(free, disk.folder)
            )
    reasons: Counter[str] = Counter(one.reason for one in plan.left_out)
    if reasons:
        texts = {
            "unreadable": translate("Plan", "%n cannot be read", "", reasons["unreadable"]),
            "exists": translate("Plan", "%n done before", "", reasons["exists"]),
            "large": translate("Plan", "%n large enough", "", reasons["large"]),
            "result": translate("Plan", "%n result(s) of others", "", reasons["result"]),
            "filtered": translate("Plan", "%n filtered out", "", reasons["filtered"]),
        }
        comma = translate("Plan", ", ", "between things that are listed")
        named = comma.join(texts[reason] for reason in texts if reasons[reason])
        total = translate("Plan", "%n left out", "", sum(reasons.values()))
        lines.append(translate("Plan", "{0}: {1}.").format(total, named))
    return "\n".join(lines)


def left_out_lines(plan: Plan) -> list[str]:
    """One line for each file that is left out, with its reason."""
    lines = [f"{one.path}: {in_words(one.message)}" for one in plan.left_out[:_MOST_LINES]]
    more = len(plan.left_out) - len(lines)
    if more > 0:
        lines.append(QCoreApplication.translate("Plan", "and %n more", "", more))
    return lines
