"""The file formats that are read."""

from __future__ import annotations

# Demuxers that read one file and nothing else. Play lists and the like, which open further files or
# addresses, must stay out: a recording may come from a stranger.
FORMATS = "aac,aiff,amr,au,caf,flac,gsm,matroska,mov,mp3,ogg,wav"

BARE = {"aac", "amr", "gsm", "mp3"}  # frames and no clock: a time stamp only counts frames

DECLARING = {"aiff", "au", "flac", "ogg"}  # headers say how long the sound is


# libav's own AMR decoders stop at the comfort noise that phones send in pauses; these know it.
AMR_DECODERS = {"amr_nb": "libopencore_amrnb", "amr_wb": "libopencore_amrwb"}

RATES_HZ = range(4_000, 192_001)

AUDIO_SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("3gp", "aac", "aif", "aiff", "amr", "au", "awb", "caf", "flac", "gsm", "m4a", "m4b", "mp3"),
        *("mka", "mp4", "oga", "ogg", "opus", "w64", "wav", "webm"),
    )
)
