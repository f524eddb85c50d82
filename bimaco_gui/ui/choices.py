"""What the panel at the right holds: how to upscale, how to save, and where to."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from bimaco_gui.errors import UsageError
from bimaco_gui.services.jobs import JobOptions, model_name
from bimaco_gui.services.name_template import NameFacts, NameTemplate
from bimaco_gui.services.naming import result_name
from bimaco_gui.services.sizes import target_size

Size = tuple[int, int]


@dataclass(frozen=True)
class Choices:
    """The choices that apply to every photo.

    Attributes:
        options: How to upscale and save.
        folder: Where results go; None is beside each photo.
    """

    options: JobOptions = field(default_factory=JobOptions)
    folder: Path | None = None

    def working_options(self) -> JobOptions:
        """For the job whose result stays in the cache: everything that the model gives.

        Size, detail and format are applied when it is saved, so that they can be changed without
        another run.
        """
        options = self.options
        return JobOptions(
            model=options.model,
            device=options.device,
            tile=options.tile,
            threads=options.threads,
            seed=options.seed,
            bits=16 if options.bits == 16 else None,
            format="png",
            existing="overwrite",
            fidelity=1.0,
            provenance=False,
        )

    def needs_new_run(self, other: "Choices") -> bool:
        """Whether a result made with these choices does not serve the others."""
        mine, theirs = self.options, other.options
        return (mine.model, mine.seed) != (theirs.model, theirs.seed)

    def result_size(self, width: int, height: int) -> Size | None:
        """Size of the result for a photo of this size; None where the choices do not fit it."""
        try:
            return self.checked_result_size(width, height)
        except UsageError:
            return None

    def checked_result_size(self, width: int, height: int) -> Size:
        """Like `result_size`.

        Raises:
            UsageError: The choices do not fit the photo; the sentence says why.
        """
        return target_size(self.options, width, height)

    def file_name(self, source: Path, size: Size, out_size: Size) -> str:
        """What the result of a photo is called.

        Raises:
            UsageError: The template is not usable.
        """
        facts = NameFacts(
            name=source.stem,
            scale=out_size[0] / size[0],
            model=model_name(self.options.model),
            width=out_size[0],
            height=out_size[1],
        )
        template = NameTemplate(self.options.template)
        return result_name(source, self.options.format, template, facts)

    def with_options(self, **changes: object) -> "Choices":
        """The same but for some options.

        Raises:
            UsageError: They do not fit.
        """
        return replace(self, options=replace(self.options, **changes))  # type: ignore[arg-type]
