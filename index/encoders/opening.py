"""Open the models that the settings name."""

from index.encoders.bundled import BundledEncoder
from index.encoders.models import Models
from index.encoders.protocol import BUNDLED, E5, Encoder, EncoderChoice, Progress
from index.encoders.token_table import TokenTable


def open_models(choice: EncoderChoice, progress: Progress | None = None) -> Models:
    """Open an encoder, and the token table that late interaction goes by.

    :param progress: told how a long call of ``encode`` gets on.
    :raises EncoderUnavailable: if a model cannot be loaded; the message says what to do.
    """
    table = TokenTable.open()
    return Models(_open_encoder(choice, table, progress), table)


def _open_encoder(choice: EncoderChoice, table: TokenTable, progress: Progress | None) -> Encoder:
    if choice.model == BUNDLED:
        return BundledEncoder(table)
    # Imported when wanted: sentence-transformers brings torch, which takes seconds to import.
    from index.encoders.transformer import TransformerEncoder  # noqa: PLC0415 - see above

    if choice.model != E5:
        return TransformerEncoder.open(choice, progress)
    from index.encoders.centred import CentredEncoder  # noqa: PLC0415 - few need it
    from index.encoders.e5 import unpacked  # noqa: PLC0415 - the same

    return CentredEncoder(TransformerEncoder.open(choice, progress, folder=unpacked()))
