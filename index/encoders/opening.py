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
    # Imported when wanted: few need either, and sentence-transformers brings torch, which takes seconds.
    if choice.model != E5:
        from index.encoders.transformer import TransformerEncoder  # noqa: PLC0415 - see above

        return TransformerEncoder.open(choice, progress)
    from index.encoders.centred import CentredEncoder  # noqa: PLC0415 - see above
    from index.encoders.e5_encoder import E5Encoder  # noqa: PLC0415 - see above

    return CentredEncoder(E5Encoder.open(choice, progress))
