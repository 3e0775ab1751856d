"""The file formats that are read: one row each."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Format:
    """A kind of file.

    Parameters
    ----------
    demuxer : str
        Its reader in libav. Only readers of one file and nothing else: play lists and the like, which open
        further files or addresses, must stay out, for a recording may come from a stranger.
    suffixes : tuple of str
        What its files are called, without the dot; a folder is searched for them.
    head : bytes
        Regular expression of its first bytes; empty if any frame may come first.
    bare : bool
        Frames and no clock: a time stamp only counts frames.
    declares : bool
        Its header says how long the sound is, and libav reads that.
    """

    demuxer: str
    suffixes: tuple[str, ...]
    head: bytes = b""
    bare: bool = False
    declares: bool = False


FORMATS = (
    Format(demuxer="aac", suffixes=("aac",), bare=True),
    Format(demuxer="aiff", suffixes=("aif", "aifc", "aiff"), head=rb"FORM[\s\S]{4}AIF[FC]", declares=True),
    Format(demuxer="amr", suffixes=("amr", "awb"), head=rb"#!AMR(-WB)?\n", bare=True),
    Format(demuxer="asf", suffixes=("wma",), head=rb"0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel"),
    Format(demuxer="au", suffixes=("au", "snd"), head=rb"\.snd", declares=True),
    Format(demuxer="caf", suffixes=("caf",), head=rb"caff\0\x01"),
    Format(demuxer="flac", suffixes=("flac",), head=rb"fLaC\0\0\0\x22", declares=True),
    Format(demuxer="gsm", suffixes=("gsm",), bare=True),
    Format(demuxer="matroska", suffixes=("mka", "weba", "webm"), head=rb"\x1aE\xdf\xa3[\s\S]{0,40}B\x82"),
    Format(
        demuxer="mov",
        suffixes=("3g2", "3gp", "3gpp", "m4a", "m4b", "m4r", "mov", "mp4"),
        head=rb"\0\0[\s\S]{2}(ftyp|moov|mdat|wide|free|skip)",
    ),
    Format(demuxer="mp3", suffixes=("mp3",), bare=True),
    Format(demuxer="ogg", suffixes=("oga", "ogg", "opus", "spx"), head=rb"OggS\0", declares=True),
    Format(demuxer="w64", suffixes=("w64",), head=rb"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0"),
    Format(demuxer="wav", suffixes=("wav", "wave"), head=rb"(RIFF|RF64|BW64)[\s\S]{4}WAVE"),
)

DEMUXERS = ",".join(each.demuxer for each in FORMATS)

BARE = {each.demuxer for each in FORMATS if each.bare}

DECLARING = {each.demuxer for each in FORMATS if each.declares}

AUDIO_SUFFIXES = frozenset(f".{suffix}" for each in FORMATS for suffix in each.suffixes)

# libav's own AMR decoders stop at the comfort noise that phones send in pauses; these know it.
AMR_DECODERS = {"amr_nb": "libopencore_amrnb", "amr_wb": "libopencore_amrwb"}

RATES_HZ = range(4_000, 192_001)


def known_by_its_head(head: bytes) -> Format | None:
    """Tell a file's format by its first bytes; None if they do not say.

    Parameters
    ----------
    head : bytes
        At least 64 bytes, where the file has so many.

    Returns
    -------
    Format or None
        The first row of the table that fits.
    """
    return next((each for each in FORMATS if each.head and re.match(each.head, head)), None)
